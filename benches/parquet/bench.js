// The Parquet bench as it runs in the page: the library and hyparquet in workers of their own, in turns, on one file.

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

/** A survey of so many rows in a fresh worker: milliseconds, the frame's bytes and the worker's whole memory. */
export async function survey(file, unpacked, rows) {
  const job = new Job();
  await job.do("prepareLibrary", { file, unpacked });
  const surveyed = await job.do("survey", { rows });
  job.end();
  return surveyed;
}
