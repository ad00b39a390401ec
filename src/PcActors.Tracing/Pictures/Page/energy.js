// The free energy of a step, where values settle: F by timestep as a line, and each vertex's part of it.

const energyText = energy => (energy === null ? 'no number' : Math.abs(energy) >= 1e-3 && Math.abs(energy) < 1e5 || energy === 0
  ? `${Number(energy.toPrecision(4))}` : energy.toExponential(2));

class Energy {
  constructor(recording) {
    this.recording = recording;
    this.figure = document.getElementById('energy');
    this.words = document.getElementById('energy-now');
    this.plot = document.getElementById('energy-plot');
  }

  show(step) {
    const found = step && this.recording.energies.find(e => `${e.step}.${e.attempt}` === step.key);
    this.steps = (found?.timesteps ?? []).map(([time, total, byVertex]) => ({ time, total, byVertex }));
    this.whose = found?.samples ? `mean over ${plural(found.samples, 'sample')}` : 'sum over samples';
    this.figure.hidden = this.steps.length === 0;
    if (this.steps.length) this.draw();
  }

  // The last timestep that is complete when a frame begins; the last of all behind the last frame.
  at(frame) {
    return frame ? this.steps.findLast(s => s.time < frame.time) ?? null : this.steps.at(-1) ?? null;
  }

  of(vertex, now) { return now && vertex.id in now.byVertex ? now.byVertex[vertex.id] : null; }

  draw() {
    const [width, height, edge] = [300, 72, 6];
    const known = this.steps.filter(s => s.total !== null);
    const [first, last] = [this.steps[0].time, this.steps.at(-1).time];
    const [low, high] = [Math.min(...known.map(s => s.total)), Math.max(...known.map(s => s.total))];
    const x = s => edge + (width - 2 * edge) * (last > first ? (s.time - first) / (last - first) : 0.5);
    const y = s => edge + (height - 2 * edge) * (high > low ? (high - s.total) / (high - low) : 0.5);
    this.place = s => [x(s), y(s)];
    this.mark = svg('circle', { class: 'energy-mark', r: 4, visibility: 'hidden' });
    const points = known.map(s => svg('circle', { class: 'energy-point', r: 5, cx: x(s), cy: y(s) },
      svg('title', {}, `t = ${s.time}: F = ${energyText(s.total)}`)));
    this.plot.setAttribute('viewBox', `0 0 ${width} ${height}`);
    this.plot.setAttribute('aria-label', `Free energy by timestep, from ${energyText(this.steps[0].total)} at t = ${first} to ${energyText(this.steps.at(-1).total)} at t = ${last}`);
    this.plot.replaceChildren(svg('polyline', { class: 'energy-line', points: known.map(s => this.place(s).join()).join(' ') }), ...points, this.mark);
  }

  paint(now) {
    if (!this.steps.length) return;
    const shown = now ?? this.steps[0];
    this.words.textContent = now ? `F = ${energyText(now.total)} at t = ${now.time}, ${this.whose}` : 'Free energy F by timestep';
    const [x, y] = shown.total === null ? [0, 0] : this.place(shown);
    this.mark.setAttribute('cx', x);
    this.mark.setAttribute('cy', y);
    this.mark.setAttribute('visibility', now && now.total !== null ? 'visible' : 'hidden');
  }
}
