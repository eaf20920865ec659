"""The unmodified Python library of OpenAI against `model serve`: what it sends is taken, what comes back it reads."""

import asyncio
import os

import openai

BASE, BUSY, HANGS = (os.environ[name] for name in ("BASE", "BUSY", "HANGS"))
KEY, MODEL = os.environ["KEY"], "deepseek-ai/DeepSeek-R1-Scripted"
ANSWER, THINKING = '{"verdict":"clean"}', "hm, so"
ASK = {"model": MODEL, "messages": [{"role": "user", "content": "Is it clean?"}]}
SCHEMA = {"type": "object", "properties": {"verdict": {"type": "string"}}}
FORMAT = {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": SCHEMA}}

client = openai.OpenAI(base_url=BASE, api_key=KEY, max_retries=0)


def raises(kind, code, **call):
    try:
        client.chat.completions.create(**{**ASK, **call})
    except kind as error:
        assert error.code == code, (error.code, error.body)
        return
    raise AssertionError(f"no {kind.__name__}")


def whole():
    answer = client.chat.completions.create(
        **ASK, seed=7, temperature=0.6, top_p=0.95, max_completion_tokens=100, stop=["END"], response_format=FORMAT,
        extra_body={"thinking_budget": 50, "priority": "gate"},
    )
    message = answer.choices[0].message
    assert (message.content, message.reasoning_content) == (ANSWER, THINKING), message
    assert answer.choices[0].finish_reason == "stop" and answer.system_fingerprint.endswith("sha256:5c21")
    usage = answer.usage
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens, usage
    assert usage.completion_tokens_details.reasoning_tokens == len(THINKING), usage
    assert usage.prompt_tokens_details.cached_tokens > 0, usage


def streamed():
    content = thinking = ""
    chunks = list(client.chat.completions.create(**ASK, stream=True, stream_options={"include_usage": True}))
    for chunk in chunks[:-1]:
        delta = chunk.choices[0].delta
        content += delta.content or ""
        thinking += getattr(delta, "reasoning_content", None) or ""
    assert (content, thinking) == (ANSWER, THINKING), chunks
    assert chunks[-2].choices[0].finish_reason == "stop" and chunks[-1].usage.completion_tokens > 0
    with client.chat.completions.stream(**ASK) as stream:
        assert stream.get_final_completion().choices[0].message.content == ANSWER


def text():
    answer = client.completions.create(model=MODEL, prompt="Once", max_tokens=5)
    assert (answer.choices[0].text, answer.choices[0].finish_reason) == (ANSWER[:5], "length"), answer
    pieces = client.completions.create(model=MODEL, prompt="Once", max_tokens=50, stream=True)
    assert "".join(piece.choices[0].text for piece in pieces) == ANSWER


def models():
    assert [model.id for model in client.models.list()] == [MODEL]
    assert client.models.retrieve(MODEL).owned_by == "countersign"


def errors():
    raises(openai.NotFoundError, "model_not_found", model="gpt-4")
    raises(openai.BadRequestError, None, n=2)
    raises(openai.BadRequestError, "context_length_exceeded", max_tokens=5000)
    stranger = openai.OpenAI(base_url=BASE, api_key="sk-a-stranger's-key-of-some-length", max_retries=0)
    try:
        stranger.models.list()
        raise AssertionError("a stranger was let in")
    except openai.AuthenticationError as error:
        assert error.code == "invalid_api_key", error
    patient = openai.OpenAI(base_url=BUSY, api_key=KEY, max_retries=2)
    assert patient.chat.completions.create(**ASK).choices[0].message.content == ANSWER


async def cancelled():
    hasty = openai.AsyncOpenAI(base_url=HANGS, api_key=KEY, max_retries=0)
    stream = await hasty.chat.completions.create(**ASK, stream=True)
    async for chunk in stream:
        if getattr(chunk.choices[0].delta, "reasoning_content", None):
            break
    await stream.close()
    try:
        await hasty.with_options(timeout=0.5).chat.completions.create(**ASK)
        raise AssertionError("it was answered")
    except openai.APITimeoutError:
        pass


for case in (whole, streamed, text, models, errors):
    case()
asyncio.run(cancelled())
print(f"python openai {openai.__version__}: whole, streamed, text, models, errors, cancelled")
