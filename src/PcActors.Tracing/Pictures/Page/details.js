// The side panel: a list of all vertices, and one vertex's messages.

function html(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === 'click') element.addEventListener('click', value);
    else element.setAttribute(key, value);
  }
  element.append(...children.filter(c => c !== null && c !== undefined));
  return element;
}

const rowsShown = 200;

class Panel {
  constructor(recording, open, energy) {
    this.recording = recording;
    this.energy = energy;
    this.open = open;
    this.finder = document.getElementById('finder');
    this.details = document.getElementById('details');
    this.search = document.getElementById('search');
    this.items = [...recording.vertices].sort((a, b) => b.level - a.level || a.id - b.id).map(v => {
      const mark = html('span', { class: `mark kind-${kindOf(recording, v)}${v.identity ? ' identity' : ''}` });
      const about = html('span', { class: 'faint' }, `${operatorOf(v)}, level ${v.level}`);
      const part = html('span', { class: 'part' });
      const button = html('button', { type: 'button', click: () => open([v]) }, mark, html('span', { class: 'grow' }, v.name), part, about);
      return { name: v.name.toLowerCase(), vertex: v, part, element: html('li', { 'data-vertex': v.id }, button) };
    });
    document.getElementById('vertices').append(...this.items.map(i => i.element));
    this.search.addEventListener('input', () => {
      const wanted = this.search.value.toLowerCase();
      for (const item of this.items) item.element.hidden = !item.name.includes(wanted);
    });
  }

  // The energies of vertices beside their names.
  paint(now) {
    for (const { vertex, part } of this.items) {
      const energy = this.energy.of(vertex, now);
      part.textContent = energy === null ? '' : `E ${energyText(energy)}`;
    }
  }

  close() {
    this.details.hidden = true;
    this.finder.hidden = false;
  }

  // One vertex with its messages, or the list of those that are drawn as one.
  show(vertices, step, focus) {
    const back = html('button', { type: 'button', click: () => this.open(null) }, '‹ All vertices');
    const body = vertices.length === 1 ? this.vertex(vertices[0], step) : this.group(vertices);
    this.details.replaceChildren(back, ...body);
    this.details.hidden = false;
    this.finder.hidden = true;
    this.details.scrollTop = 0;
    if (focus) this.details.focus();
  }

  group(vertices) {
    const list = html('ul', { id: 'members' });
    list.style.cssText = 'list-style:none;margin:6px 0;padding:0';
    list.append(...vertices.map(v => html('li', {}, this.name(v.id))));
    return [html('h2', {}, `${plural(vertices.length, 'vertex', 'vertices')}, drawn as one`), list];
  }

  name(id) {
    const v = this.recording.vertices[id];
    return html('button', { type: 'button', class: 'as-link', click: () => this.open([v]) }, v.name);
  }

  vertex(v, step) {
    const facts = [
      ['kind', kindOf(this.recording, v) + (v.identity ? ', identity that levels the graph' : '')],
      ['operator', v.operator],
      ['attributes', v.attributes],
      ['level', `${v.level}`],
      ['shape', shapeText(v.shape)],
      ['error', v.requiresError ? `wanted, at t = ${v.level}` : 'none wanted'],
      ['energy', this.course(v)],
      ['data', v.dependsOnData ? 'a value for each micro-batch' : 'one value a step'],
    ].filter(([, value]) => value).flatMap(([key, value]) => [html('dt', {}, key), html('dd', {}, value)]);
    const ofStep = list => list.filter(m => !step || m.step === null || m.take === step.key).sort((a, b) => a.taken - b.taken);
    return [
      html('h2', {}, v.name), html('dl', {}, ...facts),
      ...this.table('Received', ofStep(v.in), m => m.from, 'from'),
      ...this.table('Sent', ofStep(v.out), m => m.to, 'to'),
    ];
  }

  // The energy of a vertex from the first timestep to the last.
  course(v) {
    const known = this.energy.steps.filter(s => v.id in s.byVertex);
    const words = s => `${energyText(s.byVertex[v.id])} at t = ${s.time}`;
    return known.length > 1 ? `${words(known[0])}, ${words(known.at(-1))}` : known.length ? words(known[0]) : null;
  }

  table(title, messages, partner, word) {
    const heading = html('h3', {}, `${title}: ${plural(messages.length, 'message')}`);
    if (!messages.length) return [heading];
    const hasNorm = messages.some(m => m.norm !== null);
    const columns = [
      ['message', m => html('span', {}, this.dot(m), m.kind)], [word, m => this.partner(partner(m), m)],
      ['step', m => m.step ?? '', true],
      ['t', m => m.time ?? '', true], ['micro', m => (m.microBatch === null ? '' : m.microBatch < 0 ? 'all' : m.microBatch), true],
      ['shape', m => shapeText(m.shape)], ['bytes', m => (m.bytes === null ? '' : m.bytes.toLocaleString('en')), true],
      ...(hasNorm ? [['norm', m => (m.norm === null ? '' : m.norm.toPrecision(4)), true]] : []),
      ['hash', m => html('code', {}, (m.hash ?? '') + (m.form && m.form !== 'whole' ? ` ${m.form === 'sum' ? 'sum of products' : m.form}` : ''))],
    ];
    const cell = (tag, content, isNumber) => html(tag, isNumber ? { class: 'number' } : {}, content instanceof Node ? content : `${content}`);
    const row = m => html('tr', {}, ...columns.map(([, value, isNumber]) => cell('td', value(m), isNumber)));
    const body = html('tbody', {}, ...messages.slice(0, rowsShown).map(row));
    const table = html('table', {}, html('thead', {}, html('tr', {}, ...columns.map(([text, , isNumber]) => cell('th', text, isNumber)))), body);
    const rest = messages.slice(rowsShown);
    const more = rest.length ? html('button', { type: 'button' }, `Show the other ${rest.length.toLocaleString('en')}`) : null;
    more?.addEventListener('click', () => { body.append(...rest.map(row)); more.remove(); });
    return [heading, html('div', { class: 'wide' }, table), ...(more ? [more] : [])];
  }

  dot(m) {
    const dot = html('span', { class: `dot ${isMessage(m.kind) ? m.kind : 'control'}` });
    if (m.kind === 'error') dot.style.setProperty('--tone', tone(normPlace(this.recording.norms, m.norm)));
    return dot;
  }

  partner(id, m) {
    return this.recording.vertices[id] ? this.name(id) : id === -1 ? 'coordinator' : m.sender ?? 'somebody else';
  }
}
