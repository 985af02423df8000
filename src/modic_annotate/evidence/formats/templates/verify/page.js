// The section of the page: takes a package and tells the result. What a package holds is shown as
// text, never as markup.

const MOST_FAULTS = 40;
const SYMBOLS = { passed: "\u2713", FAILED: "\u2717", "not compared": "\u2013" };
const ONLY_INTEGRITY = "compare it with the one you were given; without one, this shows that "
  + "nothing changed since the package was made, not who made it";

const byId = (id) => document.getElementById(id);
const page = {
  digests: [...document.querySelectorAll("[data-path]")].map((place) => (
    { path: place.dataset.path, sha256: place.textContent.trim() })),
  said: saidBy(document),
};
let last = null;

function node(tag, ...children) {
  const made = document.createElement(tag);
  made.append(...children);
  return made;
}

function told(verdict, title, found, faults) {
  const item = node("div", node("strong", `${title}: `), found);
  const named = faults.slice(0, MOST_FAULTS).map((fault) => node("li", fault));
  if (faults.length > MOST_FAULTS) named.push(node("li", `${faults.length - MOST_FAULTS} more`));
  if (named.length) item.append(node("ul", ...named));
  return node("li", node("span", `${SYMBOLS[verdict]} ${verdict} `), item);
}

function rootCheck(root) {
  const given = byId("check-given").value.trim().toLowerCase();
  const digest = node("span", root ?? "none, the package has no tag manifest");
  digest.className = "digest";
  digest.id = "check-root";
  if (!given) return ["not compared", digest, [ONLY_INTEGRITY]];
  if (given === root) return ["passed", digest, []];
  return ["FAILED", digest, ["not the one you were given: this is another package"]];
}

function show({ name, at, result }) {
  const [verdict, digest, words] = rootCheck(result.root);
  const items = result.checks.map(({ title, found, faults }) => (
    told(faults.length ? "FAILED" : "passed", title, found, faults)));
  const failed = result.checks.filter((one) => one.faults.length).length + (verdict === "FAILED");
  const headline = failed ? `${SYMBOLS.FAILED} NOT verified: ${failed} of 4 checks failed`
    : `${SYMBOLS.passed} Verified: all ${result.files} files are as the package lists them`;
  tell(headline, [
    node("p", `${name}, checked in this browser, ${at}`),
    node("ul", ...items, told(verdict, "Root digest", digest, words)),
  ]);
}

function tell(headline, more = []) {
  const first = node("p", headline);
  first.className = "result";
  byId("check-result").replaceChildren(first, ...more);
  byId("check-result").scrollIntoView({ block: "nearest" });
}

async function check(taken) {
  last = null;
  tell("Reading the package\u2026");
  byId("check-result").setAttribute("aria-busy", "true");
  try {
    const { name, files } = await taken;
    const result = await checkPackage(files, page);
    last = { name, at: new Date().toLocaleString("sv-SE"), result }; // year first, as in the page
    show(last);
  } catch (error) {
    const why = error instanceof Refusal ? error.message
      : `The browser could not read it (${error.name}); unpack it, and choose the folder.`;
    tell(`${SYMBOLS.FAILED} Not checked. ${why}`);
  }
  byId("check").classList.add("checked");
  byId("check-result").removeAttribute("aria-busy");
}

function takeFrom(input, button, source) {
  button.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    if (input.files.length) check(source([...input.files]));
    input.value = ""; // so that choosing the same again is a change
  });
}

function takeDrops() {
  const over = (event, isOver) => {
    if (!event.dataTransfer.types.includes("Files")) return; // text into the field
    event.preventDefault();
    document.documentElement.classList.toggle("over", isOver);
  };
  document.addEventListener("dragover", (event) => over(event, true));
  document.addEventListener("dragleave", (event) => over(event, event.relatedTarget !== null));
  document.addEventListener("drop", (event) => {
    over(event, false);
    if (event.defaultPrevented) check(fromDrop(event.dataTransfer));
  });
}

takeFrom(byId("check-zip"), byId("check-zip-button"), ([file]) => fromFile(file));
takeFrom(byId("check-folder"), byId("check-folder-button"), fromFolder);
takeDrops();
byId("check-given").addEventListener("input", () => { if (last) show(last); });
for (const place of document.querySelectorAll("[data-live]")) place.hidden = false;
