// One worker of the bench: holds the bytes, then does the job with the library or in plain JavaScript when told.
// Only the job itself is timed; fetching the bytes, compiling and unpacking the vocabulary are not.

import { measureAll } from "./plain.js";

let bytes;
let library;
let countTokens;

const orders = {
  /** Fetches the rows, dealt out to `parts` workers one by one, since rows of one kind stand together. */
  async load({ url, index, parts }) {
    const lines = (await text(url)).split("\n").filter(Boolean);
    const own = lines.filter((_, at) => at % parts === index);
    bytes = new TextEncoder().encode(own.map(line => line + "\n").join(""));
    return bytes.length;
  },
  size: () => bytes.length,
  /** With `tokens`, the library counts with a vocabulary of its own; with `model`, with the one in a `tokenizer.json`. */
  async prepareLibrary({ tokens, model }) {
    const { default: init, Library } = await import("./release/browser_bench.js");
    await init();
    library = model ? Library.with_model(await text(model)) : new Library(Boolean(tokens));
  },
  async preparePlain({ tokenizer, module, model }) {
    countTokens = null;
    if (tokenizer) countTokens = await gptTokenizer(tokenizer);
    if (model) countTokens = await modelTokenizer(module, JSON.parse(await text(model)));
    countTokens?.("unpacks the vocabulary");
  },
  library: () => timed(() => JSON.parse(library.measure_all(bytes))),
  plain: () => timed(() => measureAll(bytes, countTokens)),
  readFew: () => library.read_few(bytes),
  fillFrame: ({ rows }) => timed(() => library.fill_frame(rows)),
  select: ({ query }) => timed(() => library.select(query)),
  figures: () => timed(() => library.figures()),
};

const text = async url => await (await fetch(url)).text();

// What looks like a special token is text for both, as it is for the library.

async function gptTokenizer(url) {
  const { countTokens } = await import(url);
  const asText = { disallowedSpecial: new Set() };
  return text => countTokens(text, asText);
}

async function modelTokenizer(module, model) {
  const { Tokenizer } = await import(module);
  const added_tokens = model.added_tokens.filter(token => !token.special);
  const tokenizer = new Tokenizer({ ...model, added_tokens }, {});
  return text => tokenizer.encode(text, { add_special_tokens: false }).ids.length;
}

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
