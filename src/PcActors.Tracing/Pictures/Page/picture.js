// The drawing: boxes, links, and messages on their way. It is drawn once; playing changes classes and moves the messages.

const svgNames = 'http://www.w3.org/2000/svg';

function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS(svgNames, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

const pen = document.createElement('canvas').getContext('2d');

// A text without its middle, if it is wider than a number of pixels: beginnings tell layers apart, ends the parts of a layer.
function shorten(text, pixels, fontSize) {
  pen.font = `${fontSize}px ${getComputedStyle(document.body).fontFamily}`;
  let short = text;
  for (let length = text.length; length > 3 && pen.measureText(short).width > pixels; length--)
    short = `${text.slice(0, Math.ceil((length - 1) / 2))}…${text.slice(-Math.floor((length - 1) / 2))}`;
  return short;
}

class Picture {
  constructor(root, choose) {
    this.root = root;
    this.choose = choose;
    this.view = { x: 0, y: 0, scale: 1 };
    this.listen();
  }

  draw(recording, drawn, extent) {
    this.extent = extent;
    this.drawn = drawn;
    this.world = svg('g');
    this.links = svg('g');
    this.messages = svg('g');
    this.pool = [];
    for (let level = 0; level <= recording.depth; level++) {
      const x = (recording.depth - level) * size.column;
      if (level % 2 === 0) this.world.append(svg('rect', { class: 'band', x, y: 0, width: size.column, height: extent.height, rx: 10 }));
      const text = level === 0 ? 'level 0, the root' : `level ${level}`;
      this.world.append(svg('text', { class: 'level', x: x + size.column / 2, y: 24 }, text));
    }
    for (const link of drawn.links) {
      link.curve = this.curve(link);
      const [a, b, c, d] = link.curve;
      link.path = svg('path', { class: link.carriesError ? 'link' : 'link still', d: `M${a} C${b} ${c} ${d}` });
      this.links.append(link.path);
    }
    const boxes = svg('g');
    for (const unit of drawn.units) boxes.append(this.box(unit));
    this.world.append(this.links, boxes, this.messages);
    this.root.replaceChildren(this.world);
    this.fit();
  }

  curve({ from, to }) {
    const half = unit => (unit.isDot ? size.dot : size.width / 2);
    const [x1, x2] = [from.x + half(from), to.x - half(to)];
    const bend = Math.max((x2 - x1) / 2, 20);
    return [[x1, from.y], [x1 + bend, from.y], [x2 - bend, to.y], [x2, to.y]];
  }

  box(unit) {
    const many = unit.vertices.length > 1 ? `, ${unit.vertices.length} vertices` : '';
    const group = svg('g', {
      class: 'vertex', transform: `translate(${unit.x} ${unit.y})`, role: 'button', tabindex: -1,
      'aria-label': `${unit.name}, ${unit.detail}, level ${unit.level}${many}`,
      'data-vertices': unit.vertices.map(v => v.id).join(' '),
    });
    unit.title = svg('title', {}, `${unit.name}\n${unit.detail}`);
    group.append(unit.title);
    if (unit.isDot) {
      group.append(svg('circle', { class: 'body', r: size.dot }));
    } else {
      const [w, h] = [size.width, size.height];
      if (unit.vertices.length > 1) group.append(svg('rect', { class: 'body', x: -w / 2 + 4, y: -h / 2 - 4, width: w, height: h, rx: 7 }));
      group.append(
        svg('rect', { class: 'body', x: -w / 2, y: -h / 2, width: w, height: h, rx: 7 }),
        svg('rect', { class: 'stripe', x: -w / 2 + 5, y: -h / 2 + 6, width: 4, height: h - 12, rx: 2 }),
        svg('text', { x: -w / 2 + 16, y: -3 }, shorten(unit.name, w - 24, 13)),
        svg('text', { class: 'detail', x: -w / 2 + 16, y: 12 }, shorten(unit.detail, w - 24, 11)));
    }
    unit.base = `vertex kind-${unit.kind}${unit.isDot ? ' identity' : ''}${unit.kind === 'root' ? ' root' : ''}`;
    group.addEventListener('click', () => { if (!this.moved) this.choose(unit); });
    unit.element = group;
    return group;
  }

  // What a box says of itself when it is pointed at: with the energy of what it stands for, where that has one.
  caption(energy, now) {
    for (const unit of this.drawn.units) {
      const parts = unit.vertices.map(v => energy.of(v, now)).filter(e => e !== null);
      const words = parts.length ? `\nenergy ${energyText(parts.reduce((a, b) => a + b))} at t = ${now.time}` : '';
      unit.title.textContent = `${unit.name}\n${unit.detail}${words}`;
    }
  }

  // Colours after a number of frames, with one more under way.
  paint(state, frame, chosen, norms) {
    const busy = new Set(frame?.loads.map(l => l.link));
    const near = unit => !chosen || unit === chosen || chosen.in.has(unit) || chosen.out.has(unit);
    for (const unit of this.drawn.units) {
      const now = state.units.get(unit);
      const names = [unit.base];
      if (now) names.push(now.kind === 'value' ? 'valued' : 'erring');
      if (frame?.acting.has(unit)) names.push('acting');
      if (unit === chosen) names.push('chosen');
      if (!near(unit)) names.push('dim');
      unit.element.setAttribute('class', names.join(' '));
      unit.element.style.setProperty('--tone', now?.kind === 'error' ? tone(normPlace(norms, now.norm)) : '');
    }
    for (const link of this.drawn.links) {
      const now = state.links.get(link);
      const names = ['link'];
      if (!link.carriesError) names.push('still');
      if (now) names.push(now.kind === 'value' ? 'valued' : 'erring');
      if (busy.has(link)) names.push('busy');
      if (chosen && link.from !== chosen && link.to !== chosen) names.push('dim');
      link.path.setAttribute('class', names.join(' '));
      link.path.style.setProperty('--tone', now?.kind === 'error' ? tone(normPlace(norms, now.norm)) : '');
    }
    this.load(frame, norms);
  }

  load(frame, norms) {
    this.messages.replaceChildren();
    this.pool = (frame?.loads ?? []).map(load => {
      const r = Math.min(9, 3.5 + Math.log10(1 + load.bytes / 100));
      const mark = load.kind === 'value'
        ? svg('circle', { class: 'message value', r })
        : svg('rect', { class: 'message error', x: -r, y: -r, width: 2 * r, height: 2 * r, rx: 1.5, transform: 'rotate(45)' });
      if (load.kind === 'error') mark.style.setProperty('--tone', tone(normPlace(norms, load.norm)));
      const group = svg('g', {}, mark);
      if (load.count > 1) group.append(svg('text', { class: 'count', y: -r - 5 }, `×${load.count.toLocaleString('en')}`));
      this.messages.append(group);
      return { load, group };
    });
  }

  // Messages on their way: 0 at the sender, 1 at the receiver.
  move(part) {
    const eased = part * part * (3 - 2 * part);
    for (const { load, group } of this.pool) {
      const s = load.kind === 'value' ? eased : 1 - eased;
      const weights = [(1 - s) ** 3, 3 * s * (1 - s) ** 2, 3 * s * s * (1 - s), s ** 3];
      const at = axis => load.link.curve.reduce((sum, point, i) => sum + weights[i] * point[axis], 0);
      group.setAttribute('transform', `translate(${at(0).toFixed(1)} ${at(1).toFixed(1)})`);
    }
  }

  apply() {
    const { x, y, scale } = this.view;
    this.world?.setAttribute('transform', `translate(${x} ${y}) scale(${scale})`);
    this.root.classList.toggle('far', scale < 0.42);
  }

  get frame() { return { width: this.root.clientWidth || 800, height: this.root.clientHeight || 500 }; }

  fit() {
    const { width, height } = this.frame;
    const scale = Math.min((width - 32) / this.extent.width, (height - 32) / this.extent.height, 1.4);
    this.view = { scale, x: (width - this.extent.width * scale) / 2, y: (height - this.extent.height * scale) / 2 };
    this.apply();
  }

  zoom(factor, x = this.frame.width / 2, y = this.frame.height / 2) {
    const scale = Math.min(4, Math.max(0.02, this.view.scale * factor));
    const change = scale / this.view.scale;
    this.view = { scale, x: x - (x - this.view.x) * change, y: y - (y - this.view.y) * change };
    this.apply();
  }

  // Brings a point of the drawing towards the middle, as far as the drawing fills the frame.
  centre(x, y, share = 1) {
    const wanted = (point, frame, extent) => {
      const room = frame - extent * this.view.scale;
      return room > 0 ? room / 2 : Math.min(16, Math.max(room - 16, frame / 2 - point * this.view.scale));
    };
    const { width, height } = this.frame;
    this.view.x += (wanted(x, width, this.extent.width) - this.view.x) * share;
    this.view.y += (wanted(y, height, this.extent.height) - this.view.y) * share;
    this.apply();
  }

  listen() {
    const held = new Map();
    let spread = 0;
    this.root.addEventListener('wheel', e => {
      e.preventDefault();
      const { left, top } = this.root.getBoundingClientRect();
      if (e.ctrlKey || !e.shiftKey) this.zoom(Math.exp(-e.deltaY * 0.0015), e.clientX - left, e.clientY - top);
      else { this.view.x -= e.deltaX || e.deltaY; this.apply(); }
    }, { passive: false });
    this.root.addEventListener('pointerdown', e => { held.set(e.pointerId, e); this.moved = false; spread = 0; });
    this.root.addEventListener('pointermove', e => {
      const before = held.get(e.pointerId);
      if (!before) return;
      const [dx, dy] = [e.clientX - before.clientX, e.clientY - before.clientY];
      if (!this.moved && Math.abs(dx) + Math.abs(dy) < 4) return;
      if (!this.moved) this.root.setPointerCapture(e.pointerId);
      this.moved = true;
      this.root.classList.add('dragging');
      held.set(e.pointerId, e);
      if (held.size === 1) { this.view.x += dx; this.view.y += dy; this.apply(); return; }
      const [a, b] = [...held.values()];
      const now = Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
      const { left, top } = this.root.getBoundingClientRect();
      if (spread) this.zoom(now / spread, (a.clientX + b.clientX) / 2 - left, (a.clientY + b.clientY) / 2 - top);
      spread = now;
    });
    const release = e => { held.delete(e.pointerId); spread = 0; this.root.classList.remove('dragging'); };
    this.root.addEventListener('pointerup', release);
    this.root.addEventListener('pointercancel', release);
  }
}
