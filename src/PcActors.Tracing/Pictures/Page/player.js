// The page as a whole: what is chosen, where the wave is, and what keys and buttons do.

const recording = readRecording(JSON.parse(document.getElementById('trace').textContent));
const $ = id => document.getElementById(id);
const asked = new URLSearchParams(location.hash.slice(1));
const state = { p: 0, playing: false, speed: 1, chosen: null, grouping: null, step: recording.steps[0] ?? null, micro: null };
const picture = new Picture($('graph'), unit => open(unit.vertices));
const energy = new Energy(recording);
const panel = new Panel(recording, open, energy);
let drawn, timeline, painted;

function fill(select, options, chosen) {
  select.replaceChildren(...options.map(([value, text]) => html('option', value === chosen ? { value, selected: '' } : { value }, text)));
}

function draw() {
  drawn = makeUnits(recording, state.grouping);
  const extent = layOut(drawn, recording.depth);
  picture.draw(recording, drawn, extent);
  // What is too wide to be read as a whole is shown from its leaves on, and followed.
  const { width, height } = picture.frame;
  const readable = Math.min(0.9, (height - 32) / extent.height);
  if (picture.view.scale < 0.7 && readable > picture.view.scale && extent.width / width > extent.height / height) {
    picture.view.scale = readable;
    const deepest = drawn.units.find(u => u.level === recording.depth);
    picture.centre(deepest.x, deepest.y);
    $('follow').checked = true;
  }
  chart();
}

function chart() {
  timeline = state.step ? makeTimeline(recording, drawn, state.step, state.micro) : { frames: [] };
  energy.show(state.step);
  $('slider').max = timeline.frames.length;
  $('phases').replaceChildren(...timeline.frames.map(f => html('i', { class: f.kind, title: describeFrame(f).time })));
  state.p = Math.min(state.p, timeline.frames.length);
  painted = null;
  paint();
}

function chosenUnit() { return state.chosen && drawn.unitOf[state.chosen[0].id]; }

function paint() {
  const { frames } = timeline;
  const index = Math.min(Math.floor(state.p), frames.length);
  const frame = frames[index];
  const part = state.p - index;
  const isWaiting = part === 0 && !state.playing;
  const key = `${index} ${isWaiting}`;
  if (painted !== key) {
    painted = key;
    picture.paint(stateAfter(timeline, index), frame, chosenUnit(), recording.norms);
    const settled = energy.at(frame);
    energy.paint(settled);
    picture.caption(energy, settled);
    panel.paint(settled);
    const { time, text } = describeFrame(frame ?? frames.at(-1));
    $('now-time').textContent = time;
    $('now').textContent = frame || !frames.length ? text : 'The step is complete: every parameter has its update.';
    $('slider').setAttribute('aria-valuetext', `${time}: ${text}`);
    [...$('phases').children].forEach((e, i) => e.classList.toggle('past', i < index));
  }
  picture.move(part);
  $('slider').value = state.p;
  if ($('follow').checked && frame) {
    const level = frame.levels.high;
    const shift = frame.kind === 'value' ? part : -part;
    picture.centre((recording.depth - level + 0.5 + shift) * size.column, picture.extent.height / 2, state.playing ? 0.12 : 1);
  }
}

function go(p) { state.p = Math.max(0, Math.min(p, timeline.frames.length)); paint(); }

function play(on) {
  state.playing = on && timeline.frames.length > 0;
  if (state.playing && state.p >= timeline.frames.length) state.p = 0;
  $('play').textContent = state.playing ? 'Pause' : 'Play';
  if (state.playing) requestAnimationFrame(now => tick(now, now));
  else paint();
}

function tick(before, now) {
  if (!state.playing) return;
  state.p += Math.min(now - before, 100) / 1000 * state.speed;
  if (state.p >= timeline.frames.length) { state.p = timeline.frames.length; play(false); return; }
  paint();
  requestAnimationFrame(next => tick(now, next));
}

function open(vertices, focus = true) {
  state.chosen = vertices;
  if (vertices) panel.show(vertices, state.step, focus);
  else panel.close();
  painted = null;
  paint();
}

// From vertex to vertex inside the drawing: the nearest one in a direction.
function neighbour(dx, dy) {
  const from = drawn.units.find(u => u.element === document.activeElement);
  if (!from) return drawn.unitOf[recording.root];
  const distance = u => Math.abs(u.x - from.x) * (dx ? 1 : 3) + Math.abs(u.y - from.y) * (dy ? 1 : 3);
  return drawn.units.filter(u => u !== from && (dx ? (u.x - from.x) * dx > 1 : u.level === from.level && (u.y - from.y) * dy > 1))
    .sort((a, b) => distance(a) - distance(b))[0];
}

const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

document.addEventListener('keydown', e => {
  if (e.ctrlKey || e.metaKey || e.altKey) return;
  const target = e.target;
  if (target.matches('input[type=search], select')) { if (e.key === 'Escape') target.blur(); return; }
  const unit = drawn.units.find(u => u.element === target);
  const actions = {
    ' ': () => play(!state.playing), Home: () => go(0), End: () => go(timeline.frames.length), 0: () => picture.fit(),
    '+': () => picture.zoom(1.25), '=': () => picture.zoom(1.25), '-': () => picture.zoom(0.8), Escape: () => open(null),
    Enter: unit && (() => open(unit.vertices)), ArrowLeft: () => go(Math.ceil(state.p) - 1), ArrowRight: () => go(Math.floor(state.p) + 1),
  };
  if ($('graph').contains(target) && arrows[e.key]) {
    const next = neighbour(...arrows[e.key]);
    if (next) { next.element.focus(); picture.centre(next.x, next.y, picture.view.scale < 0.42 ? 0 : 0.5); }
    e.preventDefault();
    return;
  }
  if ((target.matches('button, summary') && (e.key === ' ' || e.key === 'Enter')) || !actions[e.key]) return;
  if (target.id === 'follow' && e.key === ' ') return;
  e.preventDefault();
  actions[e.key]();
});

const themes = { '': 'Auto', light: 'Light', dark: 'Dark' };

function theme(name) {
  if (name) document.documentElement.dataset.theme = name;
  else delete document.documentElement.dataset.theme;
  $('theme').textContent = themes[name];
}

function legend() {
  const box = kind => { const s = svg('svg', {}, svg('rect', { x: 1, y: 1, width: 20, height: 12, rx: 3 })); s.firstChild.style.cssText = `fill:var(--${kind})`; return s; };
  const mark = (name, attributes, css) => { const s = svg('svg', {}, svg(name, attributes)); s.firstChild.style.cssText = css; return s; };
  const has = test => recording.vertices.some(test);
  const rows = [
    has(v => kindOf(recording, v) === 'data') && [box('data'), 'data'],
    has(v => kindOf(recording, v) === 'parameter') && [box('parameter'), 'parameter'],
    has(v => kindOf(recording, v) === 'constant') && [box('constant'), 'constant'],
    [box('function'), 'function'], [box('root'), 'root'],
    has(v => v.identity) && [mark('circle', { cx: 11, cy: 7, r: 6 }, 'fill:var(--edge)'), 'identity that levels'],
    [mark('circle', { cx: 11, cy: 7, r: 5 }, 'fill:var(--value)'), 'value, to a consumer'],
    [mark('rect', { x: 6.5, y: 2.5, width: 9, height: 9, transform: 'rotate(45 11 7)' }, 'fill:var(--e1)'), 'error, to an input'],
    recording.edges.some(e => !e.carriesError) && [mark('path', { d: 'M0 7H22', 'stroke-dasharray': '5 4' }, 'stroke:var(--edge);stroke-width:2'), 'carries no error'],
  ].filter(Boolean).map(([picture, text]) => html('div', {}, picture, text));
  const { norms } = recording;
  rows.push(norms
    ? html('div', { class: 'scale' }, norms.low.toPrecision(2), html('span', { class: 'bar' }), `${norms.high.toPrecision(2)}, norm of an error`)
    : html('div', { class: 'scale faint' }, 'No norms were recorded, so an error’s colour is not its size.'));
  $('legend-body').append(...rows);
  if (innerWidth < 860) $('legend').open = false;
}

function start() {
  const count = kind => recording.messages.filter(m => m.kind === kind).length;
  const about = [recording.rule, recording.clock, recording.dtype].filter(Boolean).join(', ');
  $('title').textContent = recording.model;
  $('facts').textContent = `${about} · ${plural(recording.vertices.length, 'vertex', 'vertices')} on ${plural(recording.depth + 1, 'level')} · `
    + `${plural(count('value'), 'value')}, ${plural(count('error'), 'error')}`;
  state.grouping = groupings.find(g => g.key === asked.get('show')) ?? bestGrouping(recording);
  state.step = recording.steps.find(s => s.key === asked.get('step') || `${s.step}` === asked.get('step')) ?? state.step;
  fill($('grouping'), groupings.map(g => [g.key, g.text]), state.grouping.key);
  // A step that was begun anew has several attempts, numbered through the whole run.
  const attempts = step => recording.steps.filter(s => s.step === step);
  fill($('step'), recording.steps.map(s => [s.key, attempts(s.step).length < 2 ? `${s.step}` : `${s.step}, attempt ${attempts(s.step).indexOf(s) + 1}`]), state.step?.key);
  fill($('micro'), [['', 'all'], ...Array.from({ length: recording.microBatches }, (_, m) => [`${m}`, `${m}`])], '');
  fill($('speed'), [0.25, 0.5, 1, 2, 4, 8].map(s => [`${s}`, `${s}×`]), '1');
  $('step-label').hidden = recording.steps.length < 2;
  $('micro-label').hidden = recording.microBatches < 2;
  $('grouping-label').hidden = recording.vertices.length < 20;
  if (recording.leftOut > 0) {
    $('notice').textContent = `Of this trace ${plural(recording.leftOut, 'message')} of later steps are left out of the page.`;
    $('notice').hidden = false;
  }
  $('grouping').addEventListener('change', e => { state.grouping = groupings.find(g => g.key === e.target.value); draw(); });
  $('step').addEventListener('change', e => {
    state.step = recording.steps.find(s => s.key === e.target.value);
    chart();
    if (state.chosen) open(state.chosen, false);
  });
  $('micro').addEventListener('change', e => { state.micro = e.target.value === '' ? null : Number(e.target.value); chart(); });
  $('speed').addEventListener('change', e => { state.speed = Number(e.target.value); });
  $('slider').addEventListener('input', e => {
    // Pausing paints, which writes the slider's value.
    const wanted = Number(e.target.value);
    play(false);
    go(wanted);
  });
  $('play').addEventListener('click', () => play(!state.playing));
  $('back').addEventListener('click', () => go(Math.ceil(state.p) - 1));
  $('on').addEventListener('click', () => go(Math.floor(state.p) + 1));
  $('fit').addEventListener('click', () => picture.fit());
  $('zoom-in').addEventListener('click', () => picture.zoom(1.25));
  $('zoom-out').addEventListener('click', () => picture.zoom(0.8));
  $('follow').addEventListener('change', paint);
  $('theme').addEventListener('click', () => {
    const names = Object.keys(themes);
    theme(names[(names.indexOf(document.documentElement.dataset.theme ?? '') + 1) % names.length]);
  });
  addEventListener('resize', () => { if (!$('follow').checked) picture.fit(); });
  theme(themes[asked.get('theme')] ? asked.get('theme') : '');
  legend();
  draw();
  play(false);
  if (asked.has('t')) go(Number(asked.get('t')) || 0);
  const wanted = recording.vertices[Number(asked.get('vertex') ?? -1)];
  if (wanted) open([wanted], false);
}

start();
