// The `ws` client of npm against this server.
import assert from "node:assert/strict";
import { randomBytes, randomInt, randomUUID } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import WebSocket from "ws";

const patience = 20_000;
const certificate = readFileSync(process.env.SUITE_CERTIFICATE);

function open(url, subprotocols = [], options = {}) {
  return new WebSocket(url, subprotocols, { ca: certificate, handshakeTimeout: patience, ...options });
}

async function opened(url, subprotocols, options) {
  const socket = open(url, subprotocols, options);
  await once(socket, "open");
  return socket;
}

/** Code and reason as the socket sees them. */
async function closed(socket) {
  const [code, reason] = await once(socket, "close", { signal: AbortSignal.timeout(patience) });
  return [code, reason.toString()];
}

/** What the server's onClose was told of the session that carried the tag. */
async function endingOf(base, tag) {
  const observer = open(`${base}/observer/${tag}`);
  const [line] = await once(observer, "message", { signal: AbortSignal.timeout(patience) });
  observer.close();
  return line.toString();
}

/** Sends all, and compares what comes back with what was sent, in order. */
function echoes(socket, messages) {
  return new Promise((resolve, reject) => {
    let next = 0;
    const timer = setTimeout(() => reject(new Error(`${next} of ${messages.length} came back`)), patience);
    socket.on("error", reject);
    socket.on("message", (data, isBinary) => {
      const sent = messages[next++];
      const same = typeof sent === "string" ? !isBinary && data.toString() === sent : isBinary && data.equals(sent);
      if (!same) reject(new Error(`echo ${next} differs`));
      if (next === messages.length) {
        clearTimeout(timer);
        resolve();
      }
    });
    for (const message of messages) socket.send(message);
  });
}

/** Text and binary by turns, of all sizes up to a maximum, the edges of the three length forms among them. */
function mixedMessages(count, maxBytes) {
  const edges = [0, 1, 125, 126, 127, 65_535, 65_536].filter((edge) => edge <= maxBytes);
  return Array.from({ length: count }, (_, i) => {
    const size = edges[i >> 1] ?? randomInt(maxBytes);
    return i % 2 ? "0123456789 äöü€😀 ".repeat(size / 25) + "x".repeat(size % 25) : randomBytes(size);
  });
}

for (const [scheme, base] of Object.entries({ ws: process.env.SUITE_WS_URL, wss: process.env.SUITE_WSS_URL })) {
  test(`${scheme}: a hundred text and a hundred binary messages come back as they were`, async () => {
    const socket = await opened(`${base}/echo`);
    assert.equal(socket.extensions, "");
    await echoes(socket, mixedMessages(200, 70_000));
    socket.close();
    assert.deepEqual(await closed(socket), [1005, ""]);
  });

  test(`${scheme}: a mebibyte goes both ways`, async () => {
    const socket = await opened(`${base}/echo`);
    await echoes(socket, [randomBytes(1024 * 1024), "€€ä".repeat(128 * 1024)]);
    socket.close(1000);
    assert.deepEqual(await closed(socket), [1000, ""]);
  });

  for (const path of ["/", "/echo-deflate"]) {
    test(`${scheme}: a thousand compressed messages come back as they were from ${path}`, async () => {
      const socket = await opened(base + path, [], { perMessageDeflate: { threshold: 0 } });
      assert.equal(socket.extensions, "permessage-deflate");
      await echoes(socket, mixedMessages(1_000, 3_000));
      socket.close(1000);
      assert.deepEqual(await closed(socket), [1000, ""]);
    });
  }

  test(`${scheme}: the subprotocol is the server's first that the client offered`, async () => {
    const socket = await opened(`${base}/protocols`, ["mqtt", "chat.v1", "chat.v2"]);
    assert.equal(socket.protocol, "chat.v2");
    socket.close(1000);
    await closed(socket);
  });

  for (const [status, path] of [[401, "/refused/401"], [403, "/refused/403"], [404, "/nowhere"]]) {
    test(`${scheme}: a handshake refused with ${status} shows its status`, async () => {
      const socket = open(base + path);
      const [request, response] = await once(socket, "unexpected-response", { signal: AbortSignal.timeout(patience) });
      assert.equal(response.statusCode, status);
      request.destroy();
    });
  }

  test(`${scheme}: the client's close reaches the server with its reason and is answered with its code`, async () => {
    const tag = randomUUID();
    const socket = await opened(`${base}/echo?tag=${tag}`);
    socket.close(4001, "bis später");
    assert.deepEqual(await closed(socket), [4001, ""]);
    assert.equal(await endingOf(base, tag), "PEER 4001 bis später");
  });

  test(`${scheme}: both sides see the code and reason of the server's close`, async () => {
    const tag = randomUUID();
    const socket = await opened(`${base}/closing?tag=${tag}`);
    socket.send("4002 genug für heute");
    assert.deepEqual(await closed(socket), [4002, "genug für heute"]);
    assert.equal(await endingOf(base, tag), "SERVER 4002 genug für heute");
  });

  test(`${scheme}: a client that is accepted only to be told why not sees the code and reason`, async () => {
    const socket = open(`${base}/unwelcome`);
    assert.deepEqual(await closed(socket), [4403, "not for you"]);
  });
}
