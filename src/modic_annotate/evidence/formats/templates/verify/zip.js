// The files of a zip by its central directory (APPNOTE 4.3), stored or deflated. Whatever two
// programs could unpack to different files is refused, in one sentence.

class Refusal extends Error {}

const END = 0x06054b50; // 4.3.16
const CENTRAL = 0x02014b50; // 4.3.12
const LOCAL = 0x04034b50; // 4.3.7
const ZIP64_LOCATOR = 0x07064b50; // 4.3.15
const ENCRYPTED = 0x0001 | 0x0040 | 0x2000; // 4.4.4, bits 0, 6 and 13
const STORED = 0;
const DEFLATED = 8;
const LINK = 0xa000; // S_IFLNK in the upper half of a Unix entry's attributes
const MOST_BYTES = 2 ** 31; // what a browser can be asked to hold

const REASONS = {
  cut: "This file is no whole zip",
  split: "This is one part of a split zip",
  zip64: "This zip is packed as zip64",
  locked: "This zip holds encrypted files",
  link: "This zip holds a link, and a package holds plain files only",
  twice: "This zip holds two files of one name",
  outside: "This zip holds a name that could lead out of its folder",
  method: "This zip is packed in a way that this page cannot unpack",
  differs: "This zip names one file in two ways",
  large: "This zip is too large for a browser",
  old: "This browser is too old to unpack a zip",
};

function refuse(reason) {
  throw new Refusal(`${REASONS[reason]}; unpack it, and choose the folder.`);
}

async function part(blob, from, to) {
  if (from < 0 || to > blob.size) refuse("cut");
  return new DataView(await blob.slice(from, to).arrayBuffer());
}

function textAt(view, from, length) {
  return new TextDecoder().decode(new Uint8Array(view.buffer, from, length));
}

async function directory(blob) {
  // the end record is the last thing in the file but for its comment of at most 64 KiB
  const start = Math.max(0, blob.size - 22 - 0xffff - 20);
  const tail = await part(blob, start, blob.size);
  let at = tail.byteLength - 22;
  const isEnd = () => tail.getUint32(at, true) === END
    && at + 22 + tail.getUint16(at + 20, true) === tail.byteLength;
  while (at >= 0 && !isEnd()) at -= 1;
  if (at < 0) refuse("cut");
  if (at >= 20 && tail.getUint32(at - 20, true) === ZIP64_LOCATOR) refuse("zip64");
  const [disk, first, here, count] = [4, 6, 8, 10].map((by) => tail.getUint16(at + by, true));
  const [size, offset] = [12, 16].map((by) => tail.getUint32(at + by, true));
  if (count === 0xffff || size === 0xffffffff || offset === 0xffffffff) refuse("zip64");
  if (disk || first || here !== count) refuse("split");
  if (offset + size !== start + at) refuse("cut");
  return { view: await part(blob, offset, offset + size), count };
}

function entryAt(view, at) {
  if (at + 46 > view.byteLength || view.getUint32(at, true) !== CENTRAL) refuse("cut");
  const [flags, method] = [8, 10].map((by) => view.getUint16(at + by, true));
  const [packed, size] = [20, 24].map((by) => view.getUint32(at + by, true));
  const [named, extra, comment] = [28, 30, 32].map((by) => view.getUint16(at + by, true));
  const [attributes, local] = [38, 42].map((by) => view.getUint32(at + by, true));
  const next = at + 46 + named + extra + comment;
  if (next > view.byteLength) refuse("cut");
  const name = textAt(view, at + 46, named);
  return { name, flags, method, packed, size, local, next, mode: attributes >>> 16 };
}

function refuseEntry(entry) {
  if ([entry.packed, entry.size, entry.local].includes(0xffffffff)) refuse("zip64");
  if (entry.flags & ENCRYPTED) refuse("locked");
  if ((entry.mode & 0xf000) === LINK) refuse("link");
  if (entry.method !== STORED && entry.method !== DEFLATED) refuse("method");
  if (entry.method === DEFLATED && !globalThis.DecompressionStream) refuse("old");
  refuseName(entry.name.replace(/\/$/, ""));
}

function refuseName(name) {
  const parts = name.split("/");
  if (/[\\:\u0000-\u001f\u007f]/.test(name) || parts.some((p) => ["", ".", ".."].includes(p))) {
    refuse("outside");
  }
}

async function content(blob, entry) {
  const header = await part(blob, entry.local, entry.local + 30);
  const named = header.getUint16(26, true);
  const from = entry.local + 30 + named + header.getUint16(28, true);
  const name = textAt(await part(blob, entry.local + 30, entry.local + 30 + named), 0, named);
  if (header.getUint32(0, true) !== LOCAL || name !== entry.name) refuse("differs");
  const packed = await part(blob, from, from + entry.packed);
  const bytes = new Uint8Array(packed.buffer);
  return entry.method === STORED ? bytes : inflated(bytes, entry.size);
}

async function inflated(packed, size) {
  const whole = new Uint8Array(size);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  let at = 0;
  for (const reader = stream.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) return whole.subarray(0, at);
    whole.set(value, at); // throws where more comes out than the entry states
    at += value.length;
  }
}

async function zipFiles(blob) {
  const { view, count } = await directory(blob);
  const files = new Map();
  const known = new Set();
  for (let n = 0, at = 0, total = 0; n < count; n += 1) {
    const entry = entryAt(view, at);
    refuseEntry(entry);
    if (known.has(entry.name.toLowerCase())) refuse("twice");
    if ((total += entry.size) > MOST_BYTES) refuse("large");
    known.add(entry.name.toLowerCase());
    if (!entry.name.endsWith("/")) files.set(entry.name, () => content(blob, entry));
    at = entry.next;
  }
  return files;
}
