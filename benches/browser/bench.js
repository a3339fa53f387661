// The bench as it runs in the page: both sides in workers of their own, in turns, the best of several rounds each.

const ROUNDS = 5;

class Job {
  #worker = new Worker(new URL("./job.js", import.meta.url), { type: "module" });

  do(name, options) {
    return new Promise((resolve, reject) => {
      this.#worker.onmessage = ({ data }) => data.error ? reject(new Error(data.error)) : resolve(data.result);
      this.#worker.onerror = event => reject(new Error(event.message));
      this.#worker.postMessage({ name, options });
    });
  }

  end() {
    this.#worker.terminate();
  }
}

async function job(rows, index = 0, parts = 1) {
  const job = new Job();
  await job.do("load", { url: rows, index, parts });
  return job;
}

/** The library beside plain JavaScript: best milliseconds of each, and the sums of each. */
async function sideBySide(rows, tokenizer, tokens) {
  const library = await job(rows);
  const plain = await job(rows);
  await library.do("prepareLibrary", { tokens });
  await plain.do("preparePlain", { tokens, tokenizer });
  const best = { library: Infinity, plain: Infinity };
  const sums = {};
  for (let round = 0; round < (tokens ? 3 : ROUNDS); round++) {
    for (const [side, worker] of [["library", library], ["plain", plain]]) {
      const { milliseconds, result } = await worker.do(side);
      best[side] = Math.min(best[side], milliseconds);
      sums[side] = result;
    }
  }
  library.end();
  plain.end();
  return { best, sums };
}

/** The library in one worker and in two that share the rows: best milliseconds until all are done. */
async function oneAndTwo(rows) {
  const best = {};
  for (const parts of [1, 2]) {
    const jobs = await Promise.all(Array.from({ length: parts }, (_, index) => job(rows, index, parts)));
    await Promise.all(jobs.map(job => job.do("prepareLibrary", { tokens: true })));
    best[parts] = Infinity;
    for (let round = 0; round < ROUNDS; round++) {
      const began = performance.now();
      await Promise.all(jobs.map(job => job.do("library")));
      best[parts] = Math.min(best[parts], performance.now() - began);
    }
    jobs.forEach(job => job.end());
  }
  return best;
}

/**
 * One selection and all charts' figures over a large frame, compiled as the page is: median milliseconds of each, and
 * the rows left.
 */
async function frame(rows, count, query) {
  const library = await job(rows);
  await library.do("prepareLibrary", { tokens: true, profile: "page" });
  const filled = await library.do("fillFrame", { rows: count });
  const selections = [];
  const figures = [];
  let left;
  for (let round = 0; round < 40; round++) {
    const selected = await library.do("select", { query });
    left = selected.result;
    selections.push(selected.milliseconds);
    figures.push((await library.do("figures")).milliseconds);
  }
  library.end();
  return { filled: filled.milliseconds, selection: median(selections), figures: median(figures), left };
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
}

/** Runs everything; `rows` and `tokenizer` are addresses. */
export async function run(rows, tokenizer, query) {
  const size = Number((await fetch(rows, { method: "HEAD" })).headers.get("content-length"));
  return {
    size,
    withoutTokens: await sideBySide(rows, tokenizer, false),
    withTokens: await sideBySide(rows, tokenizer, true),
    workers: await oneAndTwo(rows),
    frame: await frame(rows, 100_000, query),
  };
}
