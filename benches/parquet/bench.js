// The Parquet bench as it runs in the page: the library and hyparquet in workers of their own, in turns, on one file.

const ROUNDS = 5;
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

async function pair(file, unpacked) {
  const sides = { library: new Job(), hyparquet: new Job() };
  const columns = await sides.library.do("prepareLibrary", { file, unpacked });
  await sides.hyparquet.do("prepareHyparquet", { file, columns });
  return sides;
}

/** One job of both sides: best milliseconds, and what each comes to. */
async function sideBySide(sides, name) {
  const best = { library: Infinity, hyparquet: Infinity };
  const results = {};
  for (let round = 0; round < ROUNDS; round++) {
    for (const [side, job] of Object.entries(sides)) {
      const { milliseconds, result } = await job.do(side, { name });
      best[side] = Math.min(best[side], milliseconds);
      results[side] = result;
    }
  }
  return { best, results };
}

/** Runs the jobs on a file of so many bytes as JSON, by the names that each side has for them. */
export async function run(file, unpacked, names) {
  const sides = await pair(file, unpacked);
  const jobs = {};
  for (const name of names) jobs[name] = await sideBySide(sides, name);
  Object.values(sides).forEach(job => job.end());
  return jobs;
}

/** Milliseconds of each step on the way of whole rows: the least of several rounds. */
export async function steps(file, unpacked) {
  const job = new Job();
  await job.do("prepareLibrary", { file, unpacked });
  let best = [];
  for (let round = 0; round < ROUNDS; round++) {
    const steps = await job.do("steps");
    best = steps.map((step, at) => Math.min(step, best[at] ?? Infinity));
  }
  job.end();
  return best;
}

/** The library's whole rows of several files of so many bytes each as JSON, in a worker each: best milliseconds. */
export async function together(first, more, unpacked) {
  const files = [first, ...more.map(file => new URL(file, location).href)];
  const jobs = await eachOf(files, unpacked);
  let best = Infinity;
  for (let round = 0; round < WARM_ROUNDS; round++) {
    const began = performance.now();
    await Promise.all(jobs.map(job => job.do("library", { name: "wholeRows" })));
    best = Math.min(best, performance.now() - began);
  }
  jobs.forEach(job => job.end());
  return best;
}

/** A survey of so many rows, shared by fresh workers: milliseconds, the frames' bytes and the workers' whole memory. */
export async function survey(file, unpacked, rows, workers) {
  const jobs = await eachOf(Array(workers).fill(file), unpacked);
  const began = performance.now();
  const surveyed = await Promise.all(jobs.map(job => job.do("survey", { rows: rows / workers })));
  const milliseconds = performance.now() - began;
  jobs.forEach(job => job.end());
  const sum = name => surveyed.reduce((sum, one) => sum + one[name], 0);
  return { milliseconds, frame: sum("frame"), memory: sum("memory") };
}

async function eachOf(files, unpacked) {
  const jobs = files.map(() => new Job());
  await Promise.all(jobs.map((job, at) => job.do("prepareLibrary", { file: files[at], unpacked })));
  return jobs;
}
