// The same job in plain JavaScript, written as one would write it for a page without WebAssembly:
// `JSON.parse`, then loops over what came out. The library's definitions, for rows of the OpenAI form.

import { resultOf } from "./results.js";

/** Reads and measures every line of JSONL bytes; gives the sums that are compared with the library's. */
export function measureAll(bytes, countTokens) {
  const sums = {};
  for (const line of new TextDecoder().decode(bytes).split("\n")) {
    if (line) measureRow(sums, JSON.parse(line), countTokens);
  }
  return sums;
}

/** Measures one row that is read already and adds it to the sums. */
export function measureRow(sums, row, countTokens) {
  add(sums, measure(normalize(row), countTokens));
}

function add(sums, measured) {
  sums.rows = (sums.rows ?? 0) + 1;
  for (const [name, value] of Object.entries(measured)) {
    if (typeof value === "number") sums[name] = (sums[name] ?? 0) + value;
  }
}

// One row → messages with reasoning, calls and observations in their places, and its labels.

const ROLES = { ai: "assistant", gpt: "assistant", model: "assistant", human: "user", function: "tool", observation: "tool" };

function normalize(row) {
  const metadata = row.metadata ?? {};
  const messages = (row.messages ?? row.trajectory ?? row.conversations ?? []).map(message);
  pair(messages);
  return {
    labels: {
      trajectoryId: row.trajectory_id, instanceId: row.instance_id, repo: row.repo, license: row.license,
      language: row.language, category: metadata.category, teacher: metadata.teacher_model?.name ?? row.model,
    },
    outcome: { 1: "success", 0: "failure" }[Number(row.resolved)] ?? "unknown",
    messages,
    tools: row.tools ?? [],
    modelPatch: metadata.model_patch?.patch ?? row.model_patch ?? row.generated_patch,
    referencePatch: metadata.reference_patch?.patch ?? row.patch,
  };
}

function message(raw) {
  const role = ROLES[raw.role ?? raw.from] ?? raw.role;
  const said = raw.content ?? raw.value ?? raw.text ?? "";
  let text = Array.isArray(said) ? said.map(part => part.text ?? "").join("") : said;
  let reasoning = raw.reasoning_content || raw.reasoning || raw.think || "";
  if (role === "assistant" && text.startsWith("<think>")) {
    const end = text.indexOf("</think>");
    if (end >= 0) {
      reasoning = text.slice(7, end);
      text = text.slice(end + 8);
    }
  }
  const calls = (raw.tool_calls ?? []).map(call => {
    const { name, arguments: given } = call.function ?? call;
    return { id: call.id, name, arguments: typeof given === "string" ? given : JSON.stringify(given), answer: null };
  });
  return { role, text, reasoning, calls, callId: raw.tool_call_id, answers: null };
}

// An observation answers the call whose id it names; without an id, the oldest call that is open.
function pair(messages) {
  const open = [];
  for (const message of messages) {
    open.push(...message.calls);
    if (message.role !== "tool" || !open.length) continue;
    const named = message.callId ? open.findIndex(call => call.id === message.callId) : 0;
    if (named < 0) continue;
    const [call] = open.splice(named, 1);
    call.answer = message;
    message.answers = call;
  }
}

// One trajectory → its numbers.

function measure(trajectory, countTokens) {
  const { messages, modelPatch, referencePatch } = trajectory;
  const measured = {
    labels: trajectory.labels, outcome: trajectory.outcome,
    messages: messages.length, turns: 0, calls: 0, errors: 0, nonzeroExits: 0, unanswered: 0, orphans: 0, badArguments: 0,
  };
  const tools = new Map();
  for (const message of messages) {
    if (message.role === "assistant") measured.turns++;
    if (message.role === "tool" && !message.answers) measured.orphans++;
    for (const call of message.calls) countCall(measured, tools, call);
  }
  measured.tools = [...tools.values()].sort((a, b) => b.calls - a.calls || (a.name < b.name ? -1 : 1));
  const model = modelPatch == null ? null : parsePatch(modelPatch);
  const reference = referencePatch == null ? null : parsePatch(referencePatch);
  if (model) countPatch(measured, "patch", model);
  if (reference) countPatch(measured, "reference", reference);
  if (model?.length && reference?.length) measured.overlap = overlap(model, reference);
  if (countTokens) countByRole(measured, trajectory, countTokens);
  return measured;
}

function countCall(measured, tools, call) {
  measured.calls++;
  let given = null;
  try {
    given = JSON.parse(call.arguments);
  } catch {
    // Counted below, as any other value that is not an object.
  }
  if (given === null || typeof given !== "object" || Array.isArray(given)) {
    measured.badArguments++;
    // What can't be read may hold a command all the same.
    given = { command: call.arguments };
  }
  const verb = given.path != null && /^[a-z_]{1,32}$/.test(given.command ?? "") ? `:${given.command}` : "";
  const name = call.name + verb;
  const tool = tools.get(name) ?? { name, calls: 0, errors: 0 };
  tools.set(name, tool);
  tool.calls++;
  const result = resultOf(call, given);
  if (result === "unanswered") measured.unanswered++;
  if (result === "nonzero-exit") measured.nonzeroExits++;
  if (result === "error") {
    measured.errors++;
    tool.errors++;
  }
}

// Patches, as `git apply --numstat` reads them: a hunk is as long as its head says.

function parsePatch(text) {
  const files = [];
  let file = null;
  let deletedLeft = 0;
  let addedLeft = 0;
  for (const line of text.split("\n")) {
    if (deletedLeft > 0 || addedLeft > 0) {
      const sign = line[0] ?? " ";
      if (sign === "\\") continue;
      if (sign !== "+") deletedLeft--;
      if (sign !== "-") addedLeft--;
      file.lines.push(line);
    } else if (line.startsWith("diff --git ")) {
      file = { path: line.slice(line.lastIndexOf(" b/") + 3), hunks: 0, lines: [] };
      files.push(file);
    } else if (line.startsWith("@@ ") && file) {
      const [, , deleted = 1, , added = 1] = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line) ?? [];
      deletedLeft = Number(deleted);
      addedLeft = Number(added);
      file.hunks++;
      file.lines.push("@");
    }
  }
  return files;
}

const TEST_FILE = /(^|\/)(test|tests|__tests__|spec)\/|(^|\/)test_[^/]*$|(_test|\.test|\.spec)\.[^/]*$/;

function countPatch(measured, name, files) {
  let added = 0, deleted = 0, modified = 0, hunks = 0, testFiles = 0;
  for (const file of files) {
    hunks += file.hunks;
    if (TEST_FILE.test(file.path)) testFiles++;
    let gone = 0, come = 0;
    for (const line of [...file.lines, "@"]) {
      if (line[0] === "+") {
        added++;
        come++;
        continue;
      }
      if (line[0] === "-" && come === 0) {
        deleted++;
        gone++;
        continue;
      }
      modified += Math.min(gone, come);
      gone = come = 0;
      if (line[0] === "-") {
        deleted++;
        gone = 1;
      }
    }
  }
  Object.assign(measured, {
    [`${name}Files`]: files.length, [`${name}Added`]: added, [`${name}Deleted`]: deleted,
    [`${name}Modified`]: modified, [`${name}Hunks`]: hunks, [`${name}TestFiles`]: testFiles,
  });
}

function overlap(model, reference) {
  const ours = new Set(model.map(file => file.path));
  const theirs = new Set(reference.map(file => file.path));
  const shared = [...ours].filter(path => theirs.has(path)).length;
  const left = new Map();
  for (const line of changedLines(model)) left.set(line, (left.get(line) ?? 0) + 1);
  let found = 0, all = 0;
  for (const line of changedLines(reference)) {
    all++;
    const times = left.get(line) ?? 0;
    if (times > 0) {
      left.set(line, times - 1);
      found++;
    }
  }
  return { files: shared / (ours.size + theirs.size - shared), lines: all ? found / all : 1 };
}

function* changedLines(files) {
  for (const file of files) {
    for (const line of file.lines) if (line[0] === "+" || line[0] === "-") yield line;
  }
}

// Tokens by role, each text by itself.

function countByRole(measured, trajectory, countTokens) {
  const counts = { system: 0, user: 0, assistant: 0, reasoning: 0, calls: 0, observations: 0, tools: 0 };
  const field = { tool: "observations" };
  for (const { role, text, reasoning, calls } of trajectory.messages) {
    counts[field[role] ?? role] += role === "system" ? countOnce(text, countTokens) : countTokens(text);
    counts.reasoning += countTokens(reasoning);
    for (const call of calls) counts.calls += countTokens(call.name) + countTokens(call.arguments);
  }
  for (const tool of trajectory.tools) {
    counts.tools += countOnce(typeof tool === "string" ? tool : JSON.stringify(tool), countTokens);
  }
  measured.tokens = Object.values(counts).reduce((sum, count) => sum + count, 0);
  measured.tokensByRole = counts;
}

// System prompts and tool schemas come again in row after row: the library remembers their counts, and so does this.

const once = new Map();

function countOnce(text, countTokens) {
  if (!once.has(text)) once.set(text, countTokens(text));
  return once.get(text);
}
