// One worker of the Parquet bench: holds the file's bytes, then reads them with the library or with hyparquet when
// told. Only the reading is timed; fetching the bytes and compiling are not.

import { measureRow } from "./plain.js";

let library;
let memory;
let hyparquet;

/** hyparquet, one row group after the other, as its own objects. */
class Hyparquet {
  #options;
  #read;
  #metadata;
  #lightColumns;

  constructor({ parquetMetadataAsync, parquetReadObjects }, { compressors }, bytes, lightColumns) {
    const file = { byteLength: bytes.byteLength, slice: (start, end) => bytes.slice(start, end) };
    this.#options = { file, compressors };
    this.#read = parquetReadObjects;
    this.#metadata = parquetMetadataAsync;
    this.#lightColumns = lightColumns;
  }

  async wholeRows() {
    const sums = {};
    await this.#eachRow({}, row => measureRow(sums, row, null));
    return sums;
  }

  async wholeRowsDecoded() {
    await this.#eachRow({}, () => {});
  }

  /** hyparquet selects columns of the row, not leaves in them: it reads the texts of messages and patches, too. */
  async metadataColumns() {
    const sums = {};
    await this.#eachRow({ columns: this.#lightColumns }, row => measureLight(sums, row));
    return sums;
  }

  async #eachRow(options, each) {
    const metadata = await this.#metadata(this.#options.file);
    let rowStart = 0;
    for (const group of metadata.row_groups) {
      const rowEnd = rowStart + Number(group.num_rows);
      const rows = await this.#read({ ...this.#options, ...options, metadata, rowStart, rowEnd });
      rows.forEach(each);
      rowStart = rowEnd;
    }
  }
}

/** What a survey knows of a row. */
function measureLight(sums, row) {
  const add = (name, value) => sums[name] = (sums[name] ?? 0) + value;
  const messages = row.messages ?? [];
  const calls = messages.flatMap(message => message.tool_calls ?? []);
  add("rows", 1);
  add("messages", messages.length);
  add("turns", messages.filter(message => message.role === "assistant").length);
  add("calls", calls.length);
  add("tools", new Set(calls.map(call => call.function.name)).size);
  add("solved", Number(row.resolved) === 1 ? 1 : 0);
  for (const patch of [row.metadata?.model_patch, row.metadata?.reference_patch]) {
    add("statedFiles", Number(patch?.num_modified_files ?? 0));
    add("statedLines", Number(patch?.num_modified_lines ?? 0));
  }
}

const orders = {
  async prepareLibrary({ file, unpacked }) {
    const { default: init, Library } = await import("./release/parquet_bench.js");
    ({ memory } = await init());
    library = new Library(new Uint8Array(await fetched(file)), unpacked);
    return library.light_columns();
  },
  async prepareHyparquet({ file, columns }) {
    hyparquet = new Hyparquet(
      await import("./node_modules/hyparquet/src/index.js"),
      await import("./node_modules/hyparquet-compressors/src/compressors.js"),
      await fetched(file),
      columns,
    );
  },
  library: ({ name }) => timed(() => ({
    wholeRows: () => JSON.parse(library.whole_rows()),
    wholeRowsDecoded: () => void library.whole_rows_decoded(),
    metadataColumns: () => JSON.parse(library.metadata_columns()),
  })[name]()),
  steps: () => Array.from(library.steps()),
  hyparquet: ({ name }) => timed(() => hyparquet[name]()),
  async survey({ rows }) {
    const { milliseconds, result } = await timed(() => library.survey(rows));
    return { milliseconds, frame: result, memory: memory.buffer.byteLength };
  },
};

async function fetched(url) {
  return await (await fetch(url)).arrayBuffer();
}

async function timed(job) {
  const began = performance.now();
  const result = await job();
  return { milliseconds: performance.now() - began, result };
}

onmessage = async ({ data: { name, options } }) => {
  try {
    postMessage({ result: await orders[name](options) });
  } catch (error) {
    postMessage({ error: `${name}: ${error.stack ?? error}` });
  }
};
