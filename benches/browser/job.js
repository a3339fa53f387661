// One worker of the bench: holds the bytes, then does the job with the library or in plain JavaScript when told.
// Only the job itself is timed; fetching the bytes, compiling and unpacking the vocabulary are not.

import { measureAll } from "./plain.js";

let bytes;
let library;
let countTokens;

const orders = {
  /** Fetches the rows: the part `index` of `parts` equal ones, cut at line ends. */
  async load({ url, index, parts }) {
    const all = new Uint8Array(await (await fetch(url)).arrayBuffer());
    const cut = part => part === 0 ? 0 : part === parts ? all.length : all.indexOf(10, Math.floor(all.length * part / parts)) + 1;
    bytes = all.slice(cut(index), cut(index + 1));
    return bytes.length;
  },
  async prepareLibrary({ tokens, profile = "release" }) {
    const { default: init, Library } = await import(`./${profile}/browser_bench.js`);
    await init();
    library = new Library(tokens);
  },
  async preparePlain({ tokens, tokenizer }) {
    const encoding = tokens ? await import(tokenizer) : null;
    // What looks like a special token is text here, as it is for the library.
    const asText = { disallowedSpecial: new Set() };
    countTokens = encoding ? text => encoding.countTokens(text, asText) : null;
    countTokens?.("unpacks the vocabulary");
  },
  library: () => timed(() => JSON.parse(library.measure_all(bytes))),
  plain: () => timed(() => measureAll(bytes, countTokens)),
  fillFrame: ({ rows }) => timed(() => library.fill_frame(bytes, rows)),
  select: ({ query }) => timed(() => library.select(query)),
  figures: () => timed(() => library.figures()),
};

function timed(job) {
  const began = performance.now();
  const result = job();
  return { milliseconds: performance.now() - began, result };
}

onmessage = async ({ data: { name, options } }) => {
  try {
    postMessage({ result: await orders[name](options ?? {}) });
  } catch (error) {
    postMessage({ error: `${name}: ${error.stack ?? error}` });
  }
};
