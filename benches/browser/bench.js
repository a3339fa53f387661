// The bench as it runs in the page: both sides in workers of their own, in turns, the best of several rounds each.
// Whoever counts tokens remembers what was counted: every round of these is a first one, in workers that are new.

const ROUNDS = 5;
const FIRST_ROUNDS = 3;
// Workers that fill all cores are warm later: what compiles their code for speed has no core of its own.
const WARM_ROUNDS = 10;

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

/** The library beside plain JavaScript, without tokens: best milliseconds of each, and the sums of each. */
async function sideBySide(rows) {
  const sides = { library: await job(rows), plain: await job(rows) };
  await sides.library.do("prepareLibrary", {});
  await sides.plain.do("preparePlain", {});
  const found = { best: {}, sums: {} };
  for (let round = 0; round < ROUNDS; round++) await eachSide(sides, found);
  Object.values(sides).forEach(job => job.end());
  return found;
}

/** The same with tokens, as a person waits for it: each time in new workers, which have counted nothing yet. */
async function firstRounds(rows, how, part) {
  const found = { best: {}, sums: {} };
  for (let round = 0; round < (how.model ? 1 : FIRST_ROUNDS); round++) {
    const sides = { library: await job(rows, ...part), plain: await job(rows, ...part) };
    found.size = await sides.library.do("size");
    await sides.library.do("prepareLibrary", { tokens: true, ...how });
    await sides.plain.do("preparePlain", how);
    await eachSide(sides, found);
    Object.values(sides).forEach(job => job.end());
  }
  return found;
}

async function eachSide(sides, { best, sums }) {
  for (const [side, worker] of Object.entries(sides)) {
    const { milliseconds, result } = await worker.do(side);
    best[side] = Math.min(best[side] ?? Infinity, milliseconds);
    sums[side] = result;
  }
}

/** The library in one worker and in two that share the rows: best milliseconds until all are done. With tokens each is a
 * first round: two workers remember less of what the other has counted, and are compiled anew. */
async function oneAndTwo(rows, { tokens, rounds }) {
  const best = { 1: Infinity, 2: Infinity };
  for (const parts of [1, 2]) {
    const begin = async () => {
      const jobs = await Promise.all(Array.from({ length: parts }, (_, index) => job(rows, index, parts)));
      await Promise.all(jobs.map(job => job.do("prepareLibrary", { tokens })));
      return jobs;
    };
    let jobs = await begin();
    for (let round = 0; round < rounds; round++) {
      const began = performance.now();
      await Promise.all(jobs.map(job => job.do("library")));
      best[parts] = Math.min(best[parts], performance.now() - began);
      if (!tokens) continue;
      jobs.forEach(job => job.end());
      jobs = await begin();
    }
    jobs.forEach(job => job.end());
  }
  return best;
}

/** One selection and all charts' figures over a large frame: median milliseconds of each, the rows left, the memory. */
async function frame(rows, count, query) {
  const library = await job(rows, 0, 8);
  await library.do("prepareLibrary", { tokens: true });
  await library.do("readFew");
  const filled = await library.do("fillFrame", { rows: count });
  const selections = [];
  const figures = [];
  let left;
  for (let round = 0; round < 20; round++) {
    const selected = await library.do("select", { query });
    left = selected.result;
    selections.push(selected.milliseconds);
    figures.push((await library.do("figures")).milliseconds);
  }
  library.end();
  return { rows: count, filled: filled.milliseconds, bytes: filled.result, selection: median(selections), figures: median(figures), left };
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
}

/** Runs everything; `rows`, `tokenizer`, `module` and `model` are addresses. */
export async function run(rows, tokenizer, module, model, query) {
  const frames = [];
  for (const count of [100_000, 200_000, 500_000]) frames.push(await frame(rows, count, query));
  const size = Number((await fetch(rows, { method: "HEAD" })).headers.get("content-length"));
  return {
    size,
    withoutTokens: { size, ...await sideBySide(rows) },
    withTokens: await firstRounds(rows, { tokenizer }, [0, 1]),
    withModel: await firstRounds(rows, { module, model }, [0, 16]),
    workers: await oneAndTwo(rows, { tokens: false, rounds: WARM_ROUNDS }),
    workersWithTokens: await oneAndTwo(rows, { tokens: true, rounds: FIRST_ROUNDS }),
    frames,
  };
}
