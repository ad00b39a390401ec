// What is drawn: every vertex, or vertices that are alike as one. And where: a column for each level, the root rightmost.

const groupings = [
  { key: 'each', text: 'every vertex', of: v => `${v.id}` },
  { key: 'alike', text: 'layers as one', of: v => [v.level, v.kind, v.operator, v.identity, v.name.replace(/\d+/g, '#')].join('\u0001') },
  { key: 'level', text: 'one per level and operator', of: v => [v.level, v.kind, v.operator, v.identity].join('\u0001') },
];

const size = { width: 148, height: 40, column: 186, gap: 14, dot: 7, top: 44 };

function makeUnits(recording, grouping) {
  const byKey = new Map();
  const unitOf = recording.vertices.map(v => {
    const key = grouping.of(v);
    if (!byKey.has(key)) byKey.set(key, { id: byKey.size, level: v.level, vertices: [], in: new Map(), out: new Map() });
    const unit = byKey.get(key);
    unit.vertices.push(v);
    return unit;
  });
  const links = new Map();
  for (const edge of recording.edges) {
    const [from, to] = [unitOf[edge.from], unitOf[edge.to]];
    const key = `${from.id} ${to.id}`;
    if (!links.has(key)) {
      const link = { id: links.size, from, to, edges: [], carriesError: false };
      links.set(key, link);
      from.out.set(to, link);
      to.in.set(from, link);
    }
    const link = links.get(key);
    link.edges.push(edge);
    link.carriesError ||= edge.carriesError;
  }
  const units = [...byKey.values()];
  for (const unit of units) {
    const first = unit.vertices[0];
    unit.isDot = first.identity;
    unit.kind = unit.vertices.some(v => v.id === recording.root) ? 'root' : kindOf(recording, first);
    unit.name = unit.vertices.length === 1 ? first.name : commonName(unit.vertices.map(v => v.name));
    unit.detail = unit.vertices.length === 1
      ? `${operatorOf(first)} ${shapeText(first.shape)}`
      : `${unit.vertices.length.toLocaleString('en')} × ${operatorOf(first)}`;
  }
  return { units, links: [...links.values()], unitOf };
}

// What the names share at both ends.
function commonName(names) {
  const [first] = names;
  const shared = (a, b, at) => { let n = 0; while (n < a.length && n < b.length && a.at(at(n)) === b.at(at(n))) n++; return n; };
  const head = names.reduce((n, name) => Math.min(n, shared(first, name, i => i)), first.length);
  const tail = names.reduce((n, name) => Math.min(n, shared(first, name, i => -1 - i), name.length - head), first.length - head);
  return `${first.slice(0, head)}…${tail ? first.slice(-tail) : ''}`;
}

// The finest one whose columns are no towers.
function bestGrouping(recording) {
  return groupings.find(grouping => {
    const { units, links } = makeUnits(recording, grouping);
    const columns = new Array(recording.depth + 1).fill(0);
    for (const unit of units) columns[unit.level]++;
    return Math.max(...columns) <= 32 && units.length <= 4000 && links.length <= 6000;
  }) ?? groupings.at(-1);
}

const heightOf = unit => (unit.isDot ? 2 * size.dot : size.height);

// Rows follow the mean of the neighbours on one side, then of the other, a few times over; then boxes are moved apart.
function layOut({ units }, depth) {
  const columns = Array.from({ length: depth + 1 }, () => []);
  for (const unit of units) columns[unit.level].push(unit);
  for (const column of columns) place(column, column.map(() => 0));
  for (let sweep = 0; sweep < 12; sweep++) {
    const away = sweep % 2 === 0;
    for (const column of away ? columns : [...columns].reverse()) {
      const wanted = new Map(column.map(unit => {
        const neighbours = [...(away ? unit.out : unit.in).keys()];
        const own = neighbours.length || !column.length ? neighbours : [unit];
        return [unit, own.reduce((sum, n) => sum + n.y, 0) / own.length];
      }));
      column.sort((a, b) => wanted.get(a) - wanted.get(b) || a.y - b.y || a.id - b.id);
      place(column, column.map(unit => wanted.get(unit)));
    }
  }
  const top = Math.min(...units.map(u => u.y - heightOf(u) / 2));
  for (const unit of units) {
    unit.y += size.top - top;
    unit.x = (depth - unit.level + 0.5) * size.column;
  }
  return { width: (depth + 1) * size.column, height: Math.max(...units.map(u => u.y + heightOf(u) / 2)) + 28 };
}

// Boxes of one column as near to where they want to be as their order and the gaps between them allow: neighbours that
// would overlap form a block, which lies at the mean of what its members want.
function place(column, wanted) {
  const blocks = [];
  column.forEach((unit, i) => {
    const own = heightOf(unit) + size.gap;
    let block = { units: [unit], height: own, sum: wanted[i] - own / 2, start: wanted[i] - own / 2 };
    for (let last = blocks.at(-1); last && last.start + last.height > block.start; last = blocks.at(-1)) {
      blocks.pop();
      const count = last.units.length + block.units.length;
      const sum = last.sum + block.sum - block.units.length * last.height;
      block = { units: [...last.units, ...block.units], height: last.height + block.height, sum, start: sum / count };
    }
    blocks.push(block);
  });
  for (const block of blocks) {
    let y = block.start;
    for (const unit of block.units) {
      unit.y = y + (heightOf(unit) + size.gap) / 2;
      y += heightOf(unit) + size.gap;
    }
  }
}
