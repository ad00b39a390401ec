// The wave of one step as frames: in each, messages of one time travel. Values of time 0 travel level by level; after them
// come the errors that act at time 1, the values of time 1, the errors that act at time 2, and so on.

function frameKey(m, recording) {
  return m.kind === 'value' && m.time === 0
    ? [0, recording.depth - recording.vertices[m.from].level]
    : [m.time, m.kind === 'error' ? 0 : 1];
}

function makeTimeline(recording, drawn, step, micro) {
  const frames = new Map();
  for (const m of step.messages) {
    if (!isMessage(m.kind) || !m.link || (micro !== null && m.microBatch >= 0 && m.microBatch !== micro)) continue;
    const key = frameKey(m, recording);
    const text = key.join(' ');
    if (!frames.has(text)) frames.set(text, { key, kind: m.kind, time: m.time, messages: [], loads: new Map(), bytes: 0 });
    const frame = frames.get(text);
    frame.messages.push(m);
    frame.bytes += m.bytes ?? 0;
    const [from, to] = [drawn.unitOf[m.link.from], drawn.unitOf[m.link.to]];
    const link = from.out.get(to);
    if (!frame.loads.has(link)) frame.loads.set(link, { link, kind: m.kind, count: 0, bytes: 0, norm: null });
    const load = frame.loads.get(link);
    load.count++;
    load.bytes += m.bytes ?? 0;
    if (m.norm !== null) load.norm = Math.max(load.norm ?? 0, m.norm);
  }
  const ordered = [...frames.values()].sort((a, b) => a.key[0] - b.key[0] || a.key[1] - b.key[1]);
  const rootUnit = drawn.unitOf[recording.root];
  ordered.forEach((frame, index) => {
    frame.index = index;
    frame.loads = [...frame.loads.values()];
    frame.acting = new Set(frame.loads.map(l => (frame.kind === 'value' ? l.link.from : l.link.to)));
    const levels = [...frame.acting].map(u => u.level);
    frame.levels = { low: Math.min(...levels), high: Math.max(...levels) };
  });
  return { frames: ordered, rootUnit };
}

function describeFrame(frame) {
  if (!frame) return { time: '', text: 'No message between vertices was recorded in this step.' };
  const what = plural(frame.messages.length, frame.kind);
  const { low, high } = frame.levels;
  const from = low === high ? `level ${low}` : `levels ${low} to ${high}`;
  return {
    time: `t = ${frame.time}`,
    text: `${what} from ${from} ${frame.kind === 'value' ? 'towards the root' : 'away from the root'}, ${bytesText(frame.bytes)}`,
  };
}

// What everything looks like when the first `past` frames have arrived.
function stateAfter({ frames, rootUnit }, past) {
  const [units, links, sent] = [new Map(), new Map(), new Set()];
  for (const frame of frames.slice(0, past)) {
    const perUnit = new Map();
    for (const load of frame.loads) {
      links.set(load.link, { kind: load.kind, norm: load.norm });
      if (load.kind === 'value') {
        if (!units.has(load.link.from)) units.set(load.link.from, { kind: 'value' });
        sent.add(load.link);
        if (load.link.to === rootUnit && !units.has(rootUnit)) units.set(rootUnit, { kind: 'value' });
        continue;
      }
      const reached = load.link.from;
      perUnit.set(reached, Math.max(perUnit.get(reached) ?? 0, load.norm ?? 0));
      if (load.link.to === rootUnit) perUnit.set(rootUnit, Math.max(perUnit.get(rootUnit) ?? 0, load.norm ?? 0));
    }
    for (const [unit, norm] of perUnit) units.set(unit, { kind: 'error', norm: norm || null });
  }
  return { units, links };
}
