// What a person chose or dropped, as a map of path -> function that reads its bytes.

const reading = (file) => async () => new Uint8Array(await file.arrayBuffer());

async function fromFile(file) {
  return { name: file.name, files: await zipFiles(file) };
}

function fromFolder(list) {
  const files = new Map(list.map((file) => [file.webkitRelativePath, reading(file)]));
  const [first = ""] = files.keys();
  return { name: first.split("/")[0], files };
}

async function walkHandle(folder, prefix, files) {
  for await (const handle of folder.values()) {
    const path = `${prefix}/${handle.name}`;
    if (handle.kind === "directory") await walkHandle(handle, path, files);
    else files.set(path, async () => reading(await handle.getFile())());
  }
  return files;
}

async function walkEntry(folder, prefix, files) {
  const reader = folder.createReader();
  const some = () => new Promise((resolve, reject) => { reader.readEntries(resolve, reject); });
  for (let batch = await some(); batch.length; batch = await some()) {
    for (const entry of batch) {
      const path = `${prefix}/${entry.name}`;
      const file = () => new Promise((resolve, reject) => { entry.file(resolve, reject); });
      if (entry.isDirectory) await walkEntry(entry, path, files);
      else files.set(path, async () => reading(await file())());
    }
  }
  return files;
}

async function fromDrop(transfer) {
  const items = [...transfer.items].filter((item) => item.kind === "file");
  if (items.length !== 1) throw new Refusal("Drop one thing: the package's zip or its folder.");
  const [item] = items; // gone after the first wait, so everything is taken from it before
  const file = item.getAsFile();
  const entry = item.webkitGetAsEntry?.();
  const asked = item.getAsFileSystemHandle?.().catch(() => null);
  if (!entry?.isDirectory) return fromFile(file);
  // Chromium lets a page on disk read a dropped folder by its handle alone, others by its entry
  const handle = await asked;
  const walk = handle ? walkHandle(handle, entry.name, new Map())
    : walkEntry(entry, entry.name, new Map());
  return { name: entry.name, files: await walk };
}
