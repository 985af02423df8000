// The checks of a bag (RFC 8493): each a title, what was found, and its faults by file.

const [BAG_INFO, BAGIT, MANIFEST, TAG_MANIFEST] = [
  "bag-info.txt", "bagit.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt",
];
const HASHED_TAG_FILES = [BAG_INFO, BAGIT, MANIFEST];
const TAG_FILES = [...HASHED_TAG_FILES, TAG_MANIFEST];
const PAYLOAD = "data/";
const SUMMARY = "data/summary.html";
const BY_THE_SYSTEM = "__MACOSX/"; // what a Mac's zip holds beside the folder that was packed

const folderOf = (path) => path.slice(0, path.lastIndexOf("/") + 1);
const textOf = (bytes) => new TextDecoder().decode(bytes);

function bagFolder(paths) {
  const folders = paths.filter((path) => TAG_FILES.includes(path.split("/").pop())).map(folderOf);
  if (!folders.length) throw new Refusal(`This is no evidence package: it holds no ${MANIFEST}.`);
  return folders.reduce((a, b) => (b.split("/").length < a.split("/").length ? b : a));
}

async function opened(source) {
  // hashes of all files in the bag's folder, and what lies beside it or cannot be read
  const folder = bagFolder([...source.keys()]);
  const bag = { hashes: new Map(), texts: new Map(), faults: [], leftOut: 0 };
  for (const [path, read] of source) {
    if (path.startsWith(BY_THE_SYSTEM)) bag.leftOut += 1;
    else if (path.startsWith(folder)) await take(bag, path.slice(folder.length), read);
    else bag.faults.push(`${path}: beside the package's folder`);
  }
  return bag;
}

async function take(bag, name, read) {
  try {
    const bytes = await read();
    bag.hashes.set(name, await digestOf(bytes));
    if (TAG_FILES.includes(name) || name === SUMMARY) bag.texts.set(name, textOf(bytes));
  } catch (error) {
    if (error instanceof Refusal) throw error;
    bag.hashes.set(name, `cannot be read (${error.name})`);
  }
}

function listed(manifest, text, faults) {
  const hashes = new Map();
  const lines = text.split("\n");
  if (lines.pop() !== "") faults.push(`${manifest}: its last line is not ended`);
  lines.forEach((line, index) => {
    const [, digest, path] = /^([0-9a-f]{64}) {2}(\S+)$/.exec(line) ?? [];
    if (!path) faults.push(`${manifest}: line ${index + 1} is no sha256 and path`);
    else if (hashes.has(path)) faults.push(`${path}: listed twice in ${manifest}`);
    else hashes.set(path, digest);
  });
  return hashes;
}

function against(manifest, bag, isCovered, required = []) {
  const faults = [];
  if (!bag.texts.has(manifest)) return [`${manifest}: missing or unreadable`];
  const expected = listed(manifest, bag.texts.get(manifest), faults);
  const found = [...bag.hashes.keys()].filter(isCovered);
  for (const path of [...new Set([...expected.keys(), ...found, ...required])].sort()) {
    const [stated, actual] = [expected.get(path), isCovered(path) && bag.hashes.get(path)];
    const who = stated ? `${manifest} lists it` : "every package holds it";
    if (!actual) faults.push(`${path}: missing, ${who}`);
    else if (!stated) faults.push(`${path}: added, ${manifest} does not list it`);
    else if (actual.startsWith("cannot")) faults.push(`${path}: ${actual}`);
    else if (actual !== stated) faults.push(`${path}: changed, not the bytes ${manifest} lists`);
  }
  return faults;
}

function payloadCheck(bag) {
  const count = [...bag.hashes.keys()].filter((path) => path.startsWith(PAYLOAD)).length;
  return {
    title: "Payload",
    found: `${count} files in data/, compared with ${MANIFEST}`,
    faults: against(MANIFEST, bag, (path) => path.startsWith(PAYLOAD)),
  };
}

function tagCheck(bag) {
  const isTag = (path) => !path.startsWith(PAYLOAD) && path !== TAG_MANIFEST;
  const leftOut = bag.leftOut ? `; left out: ${bag.leftOut} in ${BY_THE_SYSTEM}` : "";
  const foreign = [...bag.hashes.keys()].filter((path) => isTag(path) && !TAG_FILES.includes(path));
  return {
    title: "Tag files",
    found: `${HASHED_TAG_FILES.join(", ")}, compared with ${TAG_MANIFEST}${leftOut}`,
    faults: [
      ...bag.faults,
      ...against(TAG_MANIFEST, bag, (path) => HASHED_TAG_FILES.includes(path), HASHED_TAG_FILES),
      ...foreign.map((path) => `${path}: added, no file of a package`),
    ],
  };
}

function saidBy(page) {
  // all words and pictures; not the head, in which a browser's extensions write
  const pictures = [...page.images].map((image) => image.getAttribute("src"));
  return [page.title, page.body.textContent.trim(), ...pictures].join("\n");
}

function pageCheck(bag, shown) {
  const faults = shown.digests
    .filter(({ path, sha256: stated }) => bag.hashes.get(path) !== stated)
    .map(({ path }) => `${path}: not the file whose sha256 this page states`);
  const packed = new DOMParser().parseFromString(bag.texts.get(SUMMARY) ?? "", "text/html");
  if (saidBy(packed) !== shown.said) {
    faults.push(`${SUMMARY}: its words or pictures are not those on this screen`);
  }
  if (faults.length) faults.unshift("The page on the screen and the package are of other content");
  return {
    title: "This page",
    found: `${shown.digests.length} digests it states, its words and its pictures, compared with `
      + "the package",
    faults,
  };
}

async function checkPackage(source, shown) {
  const bag = await opened(source);
  return {
    root: bag.texts.has(TAG_MANIFEST) ? bag.hashes.get(TAG_MANIFEST) : null,
    files: bag.hashes.size,
    checks: [payloadCheck(bag), tagCheck(bag), pageCheck(bag, shown)],
  };
}
