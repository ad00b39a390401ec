// The recording: vertices, edges and messages as the page's data has them, and what follows from them.

const isMessage = kind => kind === 'value' || kind === 'error';

function readRecording(data) {
  const vertices = data.vertices.map((v, id) => ({ ...v, id, in: [], out: [], inputs: [], consumers: [] }));
  const edges = new Map();
  for (const [number, from, to, slot, carriesError] of data.edges) {
    const edge = { number, from, to, slot, carriesError };
    edges.set(number, edge);
    vertices[to].inputs.push(edge);
    vertices[from].consumers.push(edge);
  }
  const depth = vertices.reduce((most, v) => Math.max(most, v.level), 0);
  const steps = new Map();
  const messages = data.messages.map(row => {
    const m = Object.fromEntries(data.columns.map((name, i) => [name, row[i]]));
    if (m.edge !== null && edges.has(m.edge)) m.link = edges.get(m.edge);
    if (vertices[m.from]) vertices[m.from].out.push(m);
    if (vertices[m.to]) vertices[m.to].in.push(m);
    if (m.shape === null && isMessage(m.kind) && m.link) m.shape = vertices[m.link.from].shape;
    if (m.step !== null) {
      m.take = `${m.step}.${m.attempt ?? 1}`;
      if (!steps.has(m.take)) steps.set(m.take, { key: m.take, step: m.step, attempt: m.attempt ?? 1, messages: [] });
      steps.get(m.take).messages.push(m);
    }
    return m;
  });
  const norms = messages.filter(m => m.kind === 'error' && m.norm > 0).map(m => m.norm);
  return {
    ...data, vertices, edges: [...edges.values()], depth, messages, steps: [...steps.values()],
    norms: norms.length ? { low: norms.reduce((a, b) => Math.min(a, b)), high: norms.reduce((a, b) => Math.max(a, b)) } : null,
  };
}

// Where a norm lies between the smallest and the largest one, logarithmically: 0 to 1.
function normPlace(norms, norm) {
  if (!norms || !(norm > 0)) return norms ? 0 : 0.5;
  if (norms.high === norms.low) return 0.5;
  return Math.log(norm / norms.low) / Math.log(norms.high / norms.low);
}

function tone(place) {
  const share = part => `${Math.round(100 * part)}%`;
  return place < 0.5
    ? `color-mix(in oklab, var(--e1) ${share(2 * place)}, var(--e0))`
    : `color-mix(in oklab, var(--e2) ${share(2 * place - 1)}, var(--e1))`;
}

function kindOf(recording, v) {
  if (v.id === recording.root) return 'root';
  if (v.kind === 'parameter' && !v.trainable) return 'constant';
  return v.kind;
}

const operatorOf = v => v.operator ?? v.kind;
const shapeText = shape => (shape ? `[${shape.join(', ')}]` : '');

function bytesText(bytes) {
  const units = ['B', 'kB', 'MB', 'GB'];
  let unit = 0;
  for (; bytes >= 1000 && unit < units.length - 1; unit++) bytes /= 1000;
  return `${unit ? bytes.toPrecision(3) : bytes} ${units[unit]}`;
}

const plural = (count, one, many) => `${count.toLocaleString('en')} ${count === 1 ? one : many ?? one + 's'}`;
