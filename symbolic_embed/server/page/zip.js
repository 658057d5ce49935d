// Files as one: a ZIP archive, uncompressed (MIDI files are small).

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  return sum >>> 0;
});

export function checksum(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = TABLE[(sum ^ byte) & 255] ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}

const UTF8 = 0x800, MIDNIGHT = (1 << 5) | 1; // names are UTF-8; 1 January 1980, as the time of making is nobody's business

// Numbers in little-endian order: pairs of a value and how many bytes it takes.
function packed(...pairs) {
  return Uint8Array.from(pairs.flatMap(([value, size]) => Array.from({ length: size }, (_, at) => Math.floor(value / 256 ** at) & 255)));
}

// Of names that come twice, all but the first get a number.
export function apart(names) {
  const taken = new Set();
  return names.map((name) => {
    const dot = name.lastIndexOf("."), [stem, end] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
    let free = name;
    for (let number = 2; taken.has(free); number++) free = `${stem}_${number}${end}`;
    taken.add(free);
    return free;
  });
}

// `files`: name and bytes (a Blob) each.
export async function zipped(files) {
  const names = apart(files.map(({ name }) => name)), parts = [], list = [];
  let offset = 0;
  for (const [at, file] of files.entries()) {
    const content = new Uint8Array(await file.bytes.arrayBuffer()), name = new TextEncoder().encode(names[at]);
    const about = [[20, 2], [UTF8, 2], [0, 2], [0, 2], [MIDNIGHT, 2], [checksum(content), 4], [content.length, 4], [content.length, 4], [name.length, 2], [0, 2]];
    const head = packed([0x04034b50, 4], ...about);
    parts.push(head, name, content);
    list.push(packed([0x02014b50, 4], [20, 2], ...about, [0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]), name);
    offset += head.length + name.length + content.length;
  }
  const size = list.reduce((sum, { length }) => sum + length, 0);
  const end = packed([0x06054b50, 4], [0, 2], [0, 2], [files.length, 2], [files.length, 2], [size, 4], [offset, 4], [0, 2]);
  return new Blob([...parts, ...list, end], { type: "application/zip" });
}
