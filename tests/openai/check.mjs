// The unmodified JavaScript library of OpenAI against `model serve`: what it sends is taken, what comes back it reads.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import OpenAI from "openai";

const { BASE, BUSY, HANGS, KEY } = process.env;
const MODEL = "deepseek-ai/DeepSeek-R1-Scripted";
const ANSWER = '{"verdict":"clean"}';
const THINKING = "hm, so";
const ASK = { model: MODEL, messages: [{ role: "user", content: "Is it clean?" }] };
const SCHEMA = { type: "object", properties: { verdict: { type: "string" } } };

const at = (baseURL, more = {}) => new OpenAI({ baseURL, apiKey: KEY, maxRetries: 0, ...more });
const client = at(BASE);

async function whole() {
  const answer = await client.chat.completions.create({
    ...ASK, seed: 7, temperature: 0.6, top_p: 0.95, max_completion_tokens: 100, stop: ["END"], thinking_budget: 50,
    response_format: { type: "json_schema", json_schema: { name: "answer", strict: true, schema: SCHEMA } },
  });
  const { message, finish_reason } = answer.choices[0];
  assert.deepEqual([message.content, message.reasoning_content, finish_reason], [ANSWER, THINKING, "stop"]);
  assert.equal(answer.usage.completion_tokens_details.reasoning_tokens, THINKING.length);
  assert.ok(answer.usage.prompt_tokens_details.cached_tokens > 0);
}

async function streamed() {
  const stream = await client.chat.completions.create({ ...ASK, stream: true, stream_options: { include_usage: true } });
  let [content, thinking, usage] = ["", "", null];
  for await (const chunk of stream) {
    content += chunk.choices[0]?.delta.content ?? "";
    thinking += chunk.choices[0]?.delta.reasoning_content ?? "";
    usage = chunk.usage ?? usage;
  }
  assert.deepEqual([content, thinking], [ANSWER, THINKING]);
  assert.ok(usage.completion_tokens > 0);
  const helped = client.chat.completions.stream(ASK);
  assert.equal((await helped.finalChatCompletion()).choices[0].message.content, ANSWER);
}

async function text() {
  const answer = await client.completions.create({ model: MODEL, prompt: "Once", max_tokens: 5 });
  assert.deepEqual([answer.choices[0].text, answer.choices[0].finish_reason], [ANSWER.slice(0, 5), "length"]);
}

async function models() {
  const names = [];
  for await (const model of client.models.list()) names.push(model.id);
  assert.deepEqual(names, [MODEL]);
  assert.equal((await client.models.retrieve(MODEL)).owned_by, "countersign");
}

async function errors() {
  const create = (more, using = client) => using.chat.completions.create({ ...ASK, ...more });
  await assert.rejects(create({ model: "gpt-4" }), (error) => error instanceof OpenAI.NotFoundError && error.code === "model_not_found");
  await assert.rejects(create({ n: 2 }), (error) => error instanceof OpenAI.BadRequestError && error.param === "n");
  await assert.rejects(create({ max_tokens: 5000 }), (error) => error.code === "context_length_exceeded");
  const stranger = at(BASE, { apiKey: "sk-a-stranger's-key-of-some-length" });
  await assert.rejects(create({}, stranger), (error) => error instanceof OpenAI.AuthenticationError);
  const patient = await create({}, at(BUSY, { maxRetries: 2 }));
  assert.equal(patient.choices[0].message.content, ANSWER);
}

async function cancelled() {
  const stream = await at(HANGS).chat.completions.create({ ...ASK, stream: true });
  for await (const chunk of stream) {
    if (chunk.choices[0]?.delta.reasoning_content) break;
  }
  await assert.rejects(at(HANGS, { timeout: 500 }).chat.completions.create(ASK), OpenAI.APIConnectionTimeoutError);
}

for (const check of [whole, streamed, text, models, errors, cancelled]) await check();
const { version } = JSON.parse(readFileSync(new URL("node_modules/openai/package.json", import.meta.url)));
console.log(`javascript openai ${version}: whole, streamed, text, models, errors, cancelled`);
