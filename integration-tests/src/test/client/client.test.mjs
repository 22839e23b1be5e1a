// SPDX-License-Identifier: Apache-2.0
// The browser client against a scripted server: each test plays the server's part by hand.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, afterEach, describe, it, mock } from "node:test";
import { gzipSync } from "node:zlib";
import { WebSocket, WebSocketServer } from "ws";

const resources = new URL("../../../../realtime-autoconfigure/src/main/resources/", import.meta.url);
const source = new URL("dev/realtime/http/client.js", resources);

const page = new EventTarget(); // the browser's window, as far as the client looks at it
globalThis.WebSocket ??= WebSocket;
globalThis.addEventListener ??= page.addEventListener.bind(page);
globalThis.removeEventListener ??= page.removeEventListener.bind(page);

const { connect } = await import(source);

const SECOND = 1000;
const quick = { minDelay: 10, maxDelay: 40 };
const opened = [];

/** Yields what comes, in order, to whoever asks for it. */
class Inbox {
  items = [];
  readers = [];

  put(item) {
    const reader = this.readers.shift();
    if (reader) reader(item);
    else this.items.push(item);
  }

  take() {
    return this.items.length ? Promise.resolve(this.items.shift()) : new Promise(resolve => this.readers.push(resolve));
  }
}

/** The server's end of one connection. */
class Peer {
  frames = new Inbox();
  commands = new Inbox();
  closed = new Promise(resolve => this.onClosed = resolve);

  constructor(socket, request) {
    this.socket = socket;
    this.url = request.url;
    socket.on("message", data => {
      const frame = data.toString().split("\n").map(line => JSON.parse(line));
      this.frames.put(frame);
      frame.forEach(command => this.commands.put(command));
    });
    socket.on("close", code => this.onClosed(code));
  }

  /** The next command, which must be of this method; gives its id and request. */
  async expect(method) {
    const command = await this.commands.take();
    assert.deepEqual(Object.keys(command).filter(key => key !== "id"), [method], JSON.stringify(command));
    return { ...command[method], id: command.id, kind: method };
  }

  send(...replies) {
    this.socket.send(replies.map(reply => JSON.stringify(reply)).join("\n"));
  }

  reply(command, result = {}) {
    this.send({ id: command.id, [command.kind]: result });
  }

  refuse(command, code, message, temporary) {
    this.send({ id: command.id, error: { code, message, temporary } });
  }

  push(channel, push) {
    this.send({ push: { channel, ...push } });
  }

  async accept(result = {}) {
    const command = await this.expect("connect");
    this.reply(command, { client: "c-" + Math.random(), version: "1", ping: 25, pong: true, ...result });
    return command;
  }

  async admit(result = {}) {
    const command = await this.expect("subscribe");
    this.reply(command, result);
    return command;
  }

  /** Proves that nothing else came: a round trip of an rpc, whose command must be the next one. */
  async quiet(rt) {
    const answer = rt.rpc("fence");
    this.reply(await this.expect("rpc"), { data: "fence" });
    assert.equal(await answer, "fence");
  }
}

async function listen() {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await new Promise(resolve => server.on("listening", resolve));
  const peers = new Inbox();
  server.on("connection", (socket, request) => peers.put(new Peer(socket, request)));
  opened.push(() => {
    server.clients.forEach(socket => socket.terminate());
    server.close();
  });
  const url = `http://127.0.0.1:${server.address().port}/realtime`;
  return { url, peer: () => peers.take(), peers, server };
}

function dial(url, options) {
  const rt = connect(url, { ...quick, ...options });
  opened.push(() => rt.close());
  return rt;
}

/** A client and the server's end of its connection, connected. */
async function pair(options, result) {
  const server = await listen();
  const rt = dial(server.url, options);
  const peer = await server.peer();
  const command = await peer.accept(result);
  await state(rt, "connected");
  return { rt, peer, server, command };
}

/** As `pair`, with a room. */
async function inRoom(result, roomOptions, options) {
  const it = await pair(options);
  const room = it.rt.room("chat:1", roomOptions);
  const seen = record(room, "publication", "subscribed", "unsubscribed", "error", "join", "leave");
  const subscribe = await it.peer.admit(result);
  await room.ready();
  return { ...it, room, seen, subscribe };
}

const next = (target, event) => new Promise(resolve => {
  const off = target.on(event, value => {
    off();
    resolve(value);
  });
});

const state = async (rt, wanted) => {
  while (rt.state !== wanted) await next(rt, "state");
};

function record(target, ...events) {
  const seen = Object.fromEntries(events.map(event => [event, []]));
  for (const event of events) target.on(event, value => seen[event].push(value));
  return seen;
}

const pub = (data, offset, id) => ({ pub: { data, offset, tags: id && { id } } });

const failed = (code, temporary) => e => {
  assert.ok(e instanceof Error && e.message, "an Error with a message");
  assert.deepEqual([e.code, e.temporary], [code, temporary], e.message);
  return true;
};

const cleanUp = () => {
  mock.restoreAll();
  opened.splice(0).reverse().forEach(close => close());
};

describe("client.js", () => {
  it("is smaller than 6 KiB", async t => {
    const size = gzipSync(await readFile(source), { level: 9 }).length;
    t.diagnostic(`client.js: ${size} bytes after gzip -9`);
    assert.ok(size < 6144, `${size} bytes`);
  });
});

describe("Connection", () => {
  afterEach(cleanUp);

  it("sends connect and all pending subscribes in one frame, the token not in the URL", async () => {
    const server = await listen();
    const rt = dial(server.url, { token: "secret", data: { v: 1 }, name: "test" });
    rt.room("chat:1", { data: "d", token: "t", joinLeave: false });
    rt.room("chat:2");
    assert.equal(rt.state, "connecting");
    assert.equal(rt.client, null);
    const peer = await server.peer();
    const [first, second, third, ...rest] = await peer.frames.take();
    assert.deepEqual(first, { id: 1, connect: { token: "secret", data: { v: 1 }, name: "test" } });
    assert.deepEqual(second.subscribe,
      { channel: "chat:1", token: "t", data: "d", positioned: true, recoverable: true });
    assert.deepEqual(third.subscribe, { channel: "chat:2", positioned: true, recoverable: true, join_leave: true });
    assert.deepEqual(rest, []);
    assert.equal(peer.url, "/realtime");
    peer.send({ id: first.id, connect: { client: "me", data: { hi: 1 }, ping: 25 } });
    assert.deepEqual(await next(rt, "state"), { state: "connected", code: 0, reason: "" });
    assert.deepEqual([rt.state, rt.client, rt.data], ["connected", "me", { hi: 1 }]);
  });

  it("splits a batch that could exceed the server's frame limit", async () => {
    const { rt, peer } = await pair();
    const calls = Array.from({ length: 40 }, () => rt.rpc("m", "ä".repeat(1000)));
    await peer.frames.take(); // connect
    let count = 0;
    while (count < 40) {
      const frame = await peer.frames.take();
      assert.ok(Buffer.byteLength(frame.map(c => JSON.stringify(c)).join("\n")) < 65536);
      count += frame.length;
      for (const { id } of frame) peer.send({ id, rpc: {} });
    }
    await Promise.all(calls);
  });

  it("derives its URL from where the module came from", async () => {
    const server = await listen();
    const at = server.url.replace("/realtime", "/app/realtime/client.js?v=1");
    const text = (await readFile(source, "utf8")).replaceAll("import.meta.url", JSON.stringify(at));
    const module = await import("data:text/javascript," + encodeURIComponent(text));
    for (const [args, path] of [
      [[], "/app/realtime"], [[{ token: "t" }], "/app/realtime"], [[null, quick], "/app/realtime"],
      [["/live"], "/live"], [[new URL(server.url + "?a=b#c")], "/realtime?a=b"],
    ]) {
      const rt = module.connect(...args);
      opened.push(() => rt.close());
      const peer = await server.peer();
      assert.equal(peer.url, path);
      assert.equal((await peer.expect("connect")).token, args[0]?.token);
    }
  });

  it("throws on what is not a WebSocket URL", () => {
    assert.throws(() => connect("ftp://example.com/"), TypeError);
    assert.throws(() => connect("http://"), TypeError);
  });

  it("answers pings, also in the middle of a frame", async () => {
    const { peer, rt } = await pair();
    const message = next(rt, "message");
    peer.send({}, { push: { message: { data: "m" } } });
    assert.deepEqual(await peer.commands.take(), {});
    assert.equal(await message, "m");
  });

  it("does not answer pings when the server wants no pong", async () => {
    const { rt, peer } = await pair({}, { pong: undefined });
    peer.send({});
    await peer.quiet(rt);
  });

  it("tolerates a trailing newline and unknown pushes and fields", async () => {
    const { rt, peer } = await pair();
    const message = next(rt, "message");
    peer.push("x", { novelty: {} });
    peer.push("x", { pub: { data: 1 } });
    peer.socket.send('{"push":{"message":{"data":1,"more":2}},"new":true}\n');
    assert.equal(await message, 1);
    await peer.quiet(rt);
  });

  for (const frame of ["{", "", "{}\n\n{}", "null", '{"push":{"channel":"x","disconnect":', Buffer.from("{}")]) {
    it(`reconnects after the malformed frame ${JSON.stringify(frame.toString())} (${typeof frame})`, async () => {
      const { rt, peer, server } = await pair();
      const change = next(rt, "state");
      peer.socket.send(frame);
      const { state: now, code } = await change;
      assert.deepEqual([now, code], ["connecting", 5]);
      await peer.closed;
      await (await server.peer()).accept();
    });
  }

  for (const code of [1000, 1001, 1008, 1011, 3000, 3001, 3005, 3012, 3499, 4000, 4499]) {
    it(`reconnects after close code ${code}`, async () => {
      const { rt, peer, server } = await pair();
      const change = next(rt, "state");
      peer.socket.close(code, "why");
      assert.deepEqual(await change, { state: "connecting", code, reason: "why" });
      assert.equal(rt.client, null);
      await (await server.peer()).accept();
      await state(rt, "connected");
    });
  }

  it("reconnects when the connection is cut, and after a code of 5000 and above", async () => {
    const { rt, peer, server } = await pair();
    const change = next(rt, "state");
    peer.socket.terminate();
    assert.equal((await change).code, 1006);
    const second = await server.peer();
    await second.accept();
    second.push("", { disconnect: { code: 5000, reason: "later" } }); // no close frame can say so
    const third = await server.peer();
    await third.accept();
    await state(rt, "connected");
  });

  const final = [[1009, ""], [3500, "invalid token"], [3501, ""], [3999, "x"], [4500, ""], [4999, "x"]];
  for (const [code, reason] of final) {
    it(`is disconnected for good after close code ${code}, "${reason}"`, async () => {
      const { rt, peer, server, room } = await inRoom();
      const seen = record(rt, "state", "error");
      const call = assert.rejects(rt.rpc("m"), failed(code, false));
      await peer.expect("rpc");
      peer.socket.close(code, reason);
      await state(rt, "disconnected");
      await call;
      assert.deepEqual(seen.state.map(e => [e.state, e.code]), [["disconnected", code]]);
      assert.deepEqual(seen.error.map(e => [e.code, e.temporary]), [[code, false]]);
      assert.equal(room.state, "unsubscribed");
      await assert.rejects(room.ready(), failed(code, false));
      await assert.rejects(room.publish(1), failed(8, false));
      await assert.rejects(rt.rpc("m"), failed(8, false));
      await assert.rejects(rt.room("chat:2").ready(), failed(8, false));
      assert.equal(server.peers.items.length, 0);
    });
  }

  it("backs off exponentially with full jitter", async () => {
    const server = await listen();
    const timers = mock.method(globalThis, "setTimeout");
    mock.method(Math, "random", () => 0.5);
    const rt = dial(server.url, { minDelay: 20, maxDelay: 100 });
    const errors = record(rt, "error").error;
    for (let i = 0; i < 5; i++) {
      const peer = await server.peer();
      peer.refuse(await peer.expect("connect"), 100, "internal server error", true);
    }
    await (await server.peer()).accept();
    await state(rt, "connected");
    const delays = timers.mock.calls.filter(call => call.arguments[0].name === "open").map(call => call.arguments[1]);
    assert.deepEqual(delays, [10, 20, 40, 50, 50]);
    assert.deepEqual(errors.map(e => [e.code, e.temporary]), Array(5).fill([100, true]));
  });

  it("waits at least some milliseconds", async () => {
    const server = await listen();
    const timers = mock.method(globalThis, "setTimeout");
    mock.method(Math, "random", () => 0);
    dial(server.url);
    (await server.peer()).socket.terminate();
    await (await server.peer()).accept();
    assert.deepEqual(
      timers.mock.calls.filter(call => call.arguments[0].name === "open").map(call => call.arguments[1]), [5]);
  });

  it("keeps trying while nobody listens", async () => {
    const server = await listen();
    const { port } = server.server.address();
    await new Promise(resolve => server.server.close(resolve));
    const rt = dial(server.url);
    assert.equal((await next(rt, "error")).code, 1006);
    await next(rt, "error");
    const again = new WebSocketServer({ port, host: "127.0.0.1" });
    opened.push(() => again.close());
    again.on("connection", (socket, request) => new Peer(socket, request).accept());
    await state(rt, "connected");
    again.clients.forEach(socket => socket.terminate());
  });

  it("tries at once when the browser is online again, and stays when it goes offline", async () => {
    const { rt, peer, server } = await pair({ minDelay: 60 * SECOND, maxDelay: 60 * SECOND });
    page.dispatchEvent(new Event("offline"));
    page.dispatchEvent(new Event("online"));
    await peer.quiet(rt);
    mock.method(Math, "random", () => 0.9);
    peer.socket.terminate();
    await state(rt, "connecting");
    page.dispatchEvent(new Event("online"));
    page.dispatchEvent(new Event("online"));
    await (await server.peer()).accept();
    await state(rt, "connected");
    assert.equal(server.peers.items.length, 0);
  });

  it("is disconnected for good when connect is refused", async () => {
    const server = await listen();
    const rt = dial(server.url);
    const room = rt.room("chat:1");
    const peer = await server.peer();
    const change = next(rt, "state");
    peer.refuse(await peer.expect("connect"), 101, "unauthorized");
    assert.deepEqual(await change, { state: "disconnected", code: 101, reason: "unauthorized" });
    await assert.rejects(room.ready(), failed(101, false));
    await peer.closed;
  });

  it("gets a token before it connects, keeps it, and gets a new one when it expired", async () => {
    const server = await listen();
    let count = 0;
    const rt = dial(server.url, { getToken: async () => "token-" + ++count });
    const first = await server.peer();
    assert.equal((await first.accept()).token, "token-1");
    await state(rt, "connected");
    first.socket.terminate();
    const second = await server.peer();
    const command = await second.expect("connect");
    assert.equal(command.token, "token-1");
    second.refuse(command, 109, "token expired");
    assert.equal((await (await server.peer()).accept()).token, "token-2");
    await state(rt, "connected");
  });

  it("is disconnected for good when its token expired and there is no getToken", async () => {
    const server = await listen();
    const rt = dial(server.url, { token: "old" });
    const peer = await server.peer();
    peer.refuse(await peer.expect("connect"), 109, "token expired");
    await state(rt, "disconnected");
  });

  it("tries again when getToken fails, and gives up when there is no token", async () => {
    const server = await listen();
    const answers = [() => { throw new Error("no network"); }, async () => { throw new Error("503"); }, () => null];
    const rt = dial(server.url, { getToken: () => answers.shift()() });
    const errors = record(rt, "error").error;
    await state(rt, "disconnected");
    assert.deepEqual(errors.map(e => e.code), [9, 9, 1]);
    assert.match(errors[0].message, /no network/);
    assert.equal(server.peers.items.length, 0);
  });

  it("does not dial any more when closed while it gets a token", async () => {
    const server = await listen();
    let release;
    const rt = dial(server.url, { getToken: () => new Promise(resolve => release = resolve) });
    await new Promise(setImmediate);
    rt.close();
    release("late");
    await new Promise(setImmediate);
    assert.equal(rt.state, "disconnected");
    assert.equal(server.peers.items.length, 0);
  });

  it("renews the connection's token when its time is over", async () => {
    const server = await listen();
    let count = 0;
    const rt = dial(server.url, { getToken: () => "token-" + ++count });
    const peer = await server.peer();
    await peer.accept({ expires: true, ttl: 0.05 });
    const refresh = await peer.expect("refresh");
    assert.equal(refresh.token, "token-2");
    peer.reply(refresh, { expires: true, ttl: 0.05 });
    const again = await peer.expect("refresh");
    assert.equal(again.token, "token-3");
    const change = next(rt, "state");
    peer.refuse(again, 110, "expired");
    assert.deepEqual(await change, { state: "disconnected", code: 110, reason: "expired" });
  });

  it("does not take a time to live of years for none", async () => {
    const getToken = mock.fn(() => "token");
    const { rt, peer } = await pair({ getToken }, { expires: true, ttl: 1e8 });
    await peer.quiet(rt);
    assert.equal(getToken.mock.callCount(), 1);
  });

  it("survives listeners that throw", async () => {
    const { rt, peer } = await pair();
    const complaints = mock.method(console, "error", () => {});
    const seen = [];
    rt.on("message", () => { throw new Error("listener"); });
    rt.on("message", data => seen.push(data));
    peer.push("", { message: { data: 1 } });
    peer.push("", { message: { data: 2 } });
    await peer.quiet(rt);
    assert.deepEqual(seen, [1, 2]);
    assert.equal(complaints.mock.callCount(), 2);
    assert.equal(complaints.mock.calls[0].arguments[0].message, "listener");
  });

  it("removes listeners", async () => {
    const { rt, peer } = await pair();
    const seen = [];
    const off = rt.on("message", data => seen.push(data));
    off();
    off();
    peer.push("", { message: { data: 1 } });
    await peer.quiet(rt);
    assert.deepEqual(seen, []);
  });

  it("closes: what was sent leaves, what waits rejects, nothing comes back", async () => {
    const { rt, peer, server, room, seen } = await inRoom();
    const calls = assert.rejects(rt.rpc("m"), failed(0, false));
    rt.send("last words");
    const change = next(rt, "state");
    rt.close();
    rt.close();
    assert.deepEqual(await change, { state: "disconnected", code: 0, reason: "closed" });
    await calls;
    await peer.expect("rpc");
    await peer.expect("send");
    await peer.closed;
    assert.equal(room.state, "unsubscribed");
    assert.deepEqual(seen.unsubscribed, [{ code: 8, reason: "closed" }]);
    assert.deepEqual(seen.error, []);
    assert.equal(server.peers.items.length, 0);
  });
});

describe("Commands", () => {
  afterEach(cleanUp);

  it("answer with what the server says", async () => {
    const { rt, peer, room } = await inRoom();
    const member = { user: "u", client: "c", conn_info: { n: 1 }, chan_info: 2 };
    const asMember = { user: "u", client: "c", connInfo: { n: 1 }, roomInfo: 2 };
    const answers = Promise.all([
      room.publish({ a: 1 }), room.presence(), room.presenceStats(),
      room.history({ limit: -1, since: { offset: 5, epoch: "e" }, reverse: true }), room.history(),
      rt.rpc("sum", [1, 2]), rt.rpc("nothing"),
    ]);
    const { id, ...publish } = await peer.expect("publish");
    assert.deepEqual(publish, { kind: "publish", channel: "chat:1", data: { a: 1 } });
    const rest = [];
    for (const method of ["presence", "presence_stats", "history", "history", "rpc", "rpc"]) {
      rest.push(await peer.expect(method));
    }
    const [presence, stats, history, empty, sum, nothing] = rest;
    assert.deepEqual(history, { id: history.id, kind: "history", channel: "chat:1", limit: -1,
      since: { offset: 5, epoch: "e" }, reverse: true });
    peer.reply(nothing); // any order
    peer.reply(sum, { data: 3 });
    peer.reply(empty, { epoch: "e", offset: 6, publications: [] });
    peer.reply(history, { epoch: "e", offset: 6, publications: [{ data: "p", offset: 6, info: member, time: 1 }] });
    peer.reply(stats, { num_clients: 2, num_users: 1 });
    peer.reply(presence, { presence: { c: member } });
    peer.send({ id, publish: {} });
    assert.deepEqual(await answers, [
      undefined, { c: asMember }, { numClients: 2, numUsers: 1 },
      { epoch: "e", offset: 6, publications: [
        { data: "p", info: asMember, offset: 6, tags: undefined, time: 1, recovered: false }] },
      { epoch: "e", offset: 6, publications: [] }, 3, undefined,
    ]);
  });

  it("reject with the server's error", async () => {
    const { rt, peer } = await pair();
    const answer = rt.rpc("m");
    peer.refuse(await peer.expect("rpc"), 429, "slow down", true);
    await assert.rejects(answer, e => failed(429, true)(e) && e.message === "slow down");
  });

  it("reject when they cannot be written as JSON", async () => {
    const { rt, peer } = await pair();
    await assert.rejects(rt.rpc("m", 1n), TypeError);
    await peer.quiet(rt);
  });

  it("wait for the connection, after the subscribes, and survive a failed attempt", async () => {
    const server = await listen();
    const rt = dial(server.url);
    const answer = rt.room("chat:1").publish("early");
    rt.send("note");
    const first = await server.peer();
    await first.expect("connect");
    first.socket.terminate();
    const peer = await server.peer();
    const connect = await peer.expect("connect");
    const subscribe = await peer.expect("subscribe");
    peer.send({ id: connect.id, connect: { client: "c", ping: 25 } }, { id: subscribe.id, subscribe: {} });
    const publish = await peer.expect("publish");
    assert.equal(publish.data, "early");
    assert.deepEqual(await peer.commands.take(), { send: { data: "note" } });
    peer.reply(publish);
    await answer;
  });

  it("reject when the connection is lost before the answer", async () => {
    const { rt, peer, server } = await pair();
    const answer = assert.rejects(rt.rpc("m"), e =>
      failed(3001, true)(e) && /connection lost: shutdown/.test(e.message));
    await peer.expect("rpc");
    peer.socket.close(3001, "shutdown");
    await answer;
    const second = await server.peer();
    await second.accept();
    await state(rt, "connected");
    await second.quiet(rt); // not sent again
  });
});

describe("Room", () => {
  afterEach(cleanUp);

  it("is one object for one name and subscribes once", async () => {
    const { rt, peer, room, subscribe } = await inRoom();
    assert.equal(rt.room("chat:1"), room);
    assert.equal(room.name, "chat:1");
    assert.equal(room.state, "subscribed");
    assert.equal(await room.ready(), room);
    assert.deepEqual(subscribe, { id: subscribe.id, kind: "subscribe", channel: "chat:1", positioned: true,
      recoverable: true, join_leave: true });
    await peer.quiet(rt);
  });

  it("tells of publications, members and the first state, even if all come in one frame", async () => {
    const { rt, peer } = await pair();
    const room = rt.room("chat:1");
    const seen = record(room, "publication", "subscribed", "join", "leave");
    const { id } = await peer.expect("subscribe");
    const info = { user: "u", client: "c" };
    const member = { user: "u", client: "c", connInfo: undefined, roomInfo: undefined };
    peer.send({ id, subscribe: { data: { topic: "t" } } },
      { push: { channel: "chat:1", pub: { data: 1, info, tags: { a: "b" }, time: 7 } } },
      { push: { channel: "chat:1", join: { info } } }, { push: { channel: "chat:1", leave: { info } } });
    await room.ready();
    await peer.quiet(rt);
    assert.deepEqual(seen.subscribed,
      [{ recovered: false, wasRecovering: false, data: { topic: "t" }, publications: [] }]);
    assert.deepEqual(seen.publication,
      [{ data: 1, info: member, offset: undefined, tags: { a: "b" }, time: 7, recovered: false }]);
    assert.deepEqual([seen.join, seen.leave], [[member], [member]]);
  });

  it("recovers what it missed, in order, from the last publication", async () => {
    const { peer, server, room, seen } = await inRoom({ recoverable: true, epoch: "e1", offset: 3 });
    peer.push("chat:1", pub("four", 4));
    await next(room, "publication");
    peer.socket.terminate();
    const second = await server.peer();
    await second.accept();
    const { recover, epoch, offset } = await second.admit({ recoverable: true, epoch: "e1", offset: 4, recovered: true,
      was_recovering: true, publications: [{ data: "five", offset: 5 }, { data: "six", offset: 6 }] });
    assert.deepEqual({ recover, epoch, offset }, { recover: true, epoch: "e1", offset: 4 });
    await next(room, "subscribed");
    second.push("chat:1", pub("seven", 7));
    while (seen.publication.length < 4) await next(room, "publication");
    assert.deepEqual(seen.publication.map(p => [p.data, p.offset, p.recovered]),
      [["four", 4, false], ["five", 5, true], ["six", 6, true], ["seven", 7, false]]);
    assert.deepEqual([seen.subscribed[1].recovered, seen.subscribed[1].wasRecovering], [true, true]);
    assert.deepEqual(seen.subscribed[1].publications.map(p => p.data), ["five", "six"]);
    second.socket.terminate();
    const third = await server.peer();
    await third.accept();
    assert.equal((await third.expect("subscribe")).offset, 7);
  });

  it("tells when it could not recover, and goes on from the new position", async () => {
    const { peer, server, room, seen } = await inRoom({ recoverable: true, epoch: "e1", offset: 3 });
    peer.socket.terminate();
    const second = await server.peer();
    await second.accept();
    await second.admit({ recoverable: true, epoch: "e2", offset: 1, was_recovering: true });
    await next(room, "subscribed");
    assert.deepEqual([seen.subscribed[1].recovered, seen.subscribed[1].wasRecovering], [false, true]);
    second.socket.terminate();
    const third = await server.peer();
    await third.accept();
    const { recover, epoch, offset } = await third.expect("subscribe");
    assert.deepEqual({ recover, epoch, offset }, { recover: true, epoch: "e2", offset: 1 });
  });

  it("leaves out the zero position of an empty stream, and recovers from it", async () => {
    const { peer, server } = await inRoom({ recoverable: true, epoch: "e1" });
    peer.socket.terminate();
    const second = await server.peer();
    await second.accept();
    const command = await second.expect("subscribe");
    assert.deepEqual([command.recover, command.epoch, "offset" in command], [true, "e1", false]);
  });

  it("does not recover where the server offers none", async () => {
    const { peer, server } = await inRoom({ positioned: true, epoch: "e1", offset: 3 });
    peer.socket.terminate();
    const second = await server.peer();
    await second.accept();
    const command = await second.expect("subscribe");
    assert.deepEqual(["recover" in command, "epoch" in command], [false, false]);
  });

  it("delivers an id once, also across reconnects, and still moves its position", async () => {
    const { peer, server, room, seen } = await inRoom({ recoverable: true, epoch: "e1" });
    peer.push("chat:1", pub("provisional", undefined, "a"));
    peer.push("chat:1", pub("stored", 1, "a"));
    peer.push("chat:1", pub("other", 2, "b"));
    while (seen.publication.length < 2) await next(room, "publication");
    peer.socket.terminate();
    const second = await server.peer();
    await second.accept();
    const publications = [{ data: "again", offset: 3, tags: { id: "b" } }, { data: "new", offset: 4 }];
    const { offset } = await second.admit({ recoverable: true, epoch: "e1", offset: 2, recovered: true,
      was_recovering: true, publications });
    assert.equal(offset, 2);
    while (seen.publication.length < 3) await next(room, "publication");
    assert.deepEqual(seen.publication.map(p => p.data), ["provisional", "other", "new"]);
    assert.deepEqual(seen.subscribed[1].publications.map(p => p.data), ["new"]);
  });

  it("remembers 1,000 ids", async () => {
    const { peer, rt, seen } = await inRoom();
    for (let i = 0; i <= 1000; i++) peer.push("chat:1", pub(i, undefined, "id-" + i));
    peer.push("chat:1", pub("known", undefined, "id-1"));
    peer.push("chat:1", pub("forgotten", undefined, "id-0"));
    await peer.quiet(rt);
    assert.deepEqual(seen.publication.map(p => p.data), [...Array(1001).keys(), "forgotten"]);
  });

  it("tries again after a temporary error", async () => {
    const { rt, peer } = await pair();
    const room = rt.room("chat:1");
    const errors = record(room, "error").error;
    peer.refuse(await peer.expect("subscribe"), 100, "internal server error", true);
    peer.refuse(await peer.expect("subscribe"), 111, "too many requests", true);
    await peer.admit();
    await room.ready();
    assert.deepEqual(errors.map(e => [e.code, e.temporary]), [[100, true], [111, true]]);
  });

  it("is unsubscribed for good when refused; the next room of the name is another one", async () => {
    const { rt, peer } = await pair();
    const room = rt.room("chat:1");
    const seen = record(room, "unsubscribed", "error");
    const ready = assert.rejects(room.ready(), e => failed(103, false)(e) && e.message === "permission denied");
    peer.refuse(await peer.expect("subscribe"), 103, "permission denied");
    await ready;
    assert.equal(room.state, "unsubscribed");
    assert.deepEqual(seen.unsubscribed, [{ code: 103, reason: "permission denied" }]);
    assert.equal(seen.error[0].code, 103);
    await peer.quiet(rt);
    const other = rt.room("chat:1");
    assert.notEqual(other, room);
    await peer.admit();
    await other.ready();
  });

  it("gets its token before it subscribes and a new one when it expired", async () => {
    const { rt, peer } = await pair();
    let count = 0;
    const getToken = mock.fn(async () => "token-" + ++count);
    const room = rt.room("chat:1", { getToken });
    const first = await peer.expect("subscribe");
    assert.equal(first.token, "token-1");
    peer.refuse(first, 109, "token expired");
    assert.equal((await peer.admit()).token, "token-2");
    await room.ready();
    assert.deepEqual(getToken.mock.calls[0].arguments, ["chat:1"]);
  });

  it("is unsubscribed when there is no token", async () => {
    const { rt, peer } = await pair();
    await assert.rejects(rt.room("chat:1", { getToken: () => undefined }).ready(), failed(1, false));
    const expired = rt.room("chat:2", { token: "old" });
    peer.refuse(await peer.expect("subscribe"), 109, "token expired");
    await assert.rejects(expired.ready(), failed(109, false));
    let calls = 0;
    const late = rt.room("chat:3", { getToken: () => { if (!calls++) throw new Error("503"); return "t"; } });
    assert.equal((await next(late, "error")).code, 9);
    await peer.admit();
    await late.ready();
  });

  it("renews its token when its time is over", async () => {
    let count = 0;
    const getToken = () => "token-" + ++count;
    const { peer, room } = await inRoom({ expires: true, ttl: 0.05 }, { getToken });
    const refresh = await peer.expect("sub_refresh");
    assert.deepEqual([refresh.channel, refresh.token], ["chat:1", "token-2"]);
    peer.reply(refresh, { expires: true, ttl: 0.05 });
    peer.refuse(await peer.expect("sub_refresh"), 103, "permission denied");
    assert.deepEqual(await next(room, "unsubscribed"), { code: 103, reason: "permission denied" });
    await peer.expect("unsubscribe");
  });

  it("subscribes again at once, with its position, when the server says so", async () => {
    const { rt, peer, room, seen } = await inRoom({ recoverable: true, epoch: "e1", offset: 3 });
    for (const code of [2500, 2501]) {
      peer.push("chat:1", { unsubscribe: { code, reason: "again" } });
      const command = await peer.admit({ recoverable: true, epoch: "e1", offset: 3, recovered: true,
        was_recovering: true });
      assert.deepEqual([command.recover, command.offset], [true, 3]);
      await room.ready();
      await peer.quiet(rt);
    }
    assert.deepEqual([seen.unsubscribed, seen.subscribed.length], [[], 3]);
  });

  it("drops token and position on 2502", async () => {
    let count = 0;
    const getToken = () => "token-" + ++count;
    const { peer } = await inRoom({ recoverable: true, epoch: "e1", offset: 3 }, { getToken });
    peer.push("chat:1", { unsubscribe: { code: 2502, reason: "state invalidated" } });
    const command = await peer.expect("subscribe");
    assert.deepEqual([command.token, "recover" in command, "offset" in command], ["token-2", false, false]);
  });

  it("drops tokens and positions when the connection's state is invalidated", async () => {
    let count = 0;
    const getToken = () => "token-" + ++count;
    const { peer, server } = await inRoom({ recoverable: true, epoch: "e1", offset: 3 }, {}, { getToken });
    peer.socket.close(3014, "state invalidated");
    const second = await server.peer();
    assert.equal((await second.accept()).token, "token-2");
    assert.equal("recover" in await second.expect("subscribe"), false);
  });

  it("is unsubscribed for good by a push below 2500", async () => {
    const { rt, peer, room, seen } = await inRoom();
    peer.push("chat:1", { unsubscribe: { code: 2000, reason: "server unsubscribe" } });
    await peer.quiet(rt);
    assert.equal(room.state, "unsubscribed");
    assert.deepEqual([seen.unsubscribed, seen.error], [[{ code: 2000, reason: "server unsubscribe" }], []]);
  });

  it("leaves, and what still comes for it does not reach the next room of the name", async () => {
    const { rt, peer, room, seen } = await inRoom();
    room.leave();
    room.leave();
    assert.deepEqual([room.state, seen.unsubscribed], ["unsubscribed", [{ code: 0, reason: "left" }]]);
    await assert.rejects(room.ready(), failed(0, false));
    const other = rt.room("chat:1");
    const others = record(other, "publication", "unsubscribed");
    const leave = await peer.expect("unsubscribe");
    const subscribe = await peer.expect("subscribe");
    peer.push("chat:1", pub("late"));
    peer.push("chat:1", { unsubscribe: { code: 2000, reason: "late" } });
    peer.reply(leave);
    peer.reply(subscribe);
    peer.push("chat:1", pub("new"));
    await other.ready();
    await peer.quiet(rt);
    assert.deepEqual(others.publication.map(p => p.data), ["new"]);
    assert.deepEqual([seen.publication, others.unsubscribed], [[], []]);
  });

  it("stays left after a reconnect", async () => {
    const { rt, peer, server, room } = await inRoom();
    room.leave();
    peer.socket.terminate();
    const second = await server.peer();
    await second.accept();
    await state(rt, "connected");
    await second.quiet(rt);
  });

  it("reconnects when the server refuses an unsubscribe", async () => {
    const { rt, peer, server, room } = await inRoom();
    room.leave();
    const change = next(rt, "state");
    peer.refuse(await peer.expect("unsubscribe"), 100, "internal server error", true);
    assert.equal((await change).code, 4);
    await (await server.peer()).accept();
  });

  it("stops delivering in the middle of a recovery when a listener leaves", async () => {
    const { rt, peer } = await pair();
    const room = rt.room("chat:1");
    const seen = record(room, "publication").publication;
    room.on("publication", () => room.leave());
    await peer.admit({ recovered: true, publications: [{ data: 1, offset: 1 }, { data: 2, offset: 2 }] });
    await peer.expect("unsubscribe");
    assert.deepEqual(seen.map(p => p.data), [1]);
  });
});

describe("Room that the server chose", () => {
  afterEach(cleanUp);

  const stream = { recoverable: true, epoch: "e1" };

  it("appears with the connection, recovers with it, and ends when it is missing", async () => {
    const server = await listen();
    const rt = dial(server.url);
    const seen = { publication: [], unsubscribed: [] };
    const found = [];
    rt.on("room", room => {
      found.push(room);
      room.on("publication", p => seen.publication.push([p.data, p.recovered]));
      room.on("unsubscribed", e => seen.unsubscribed.push(e.code));
    });
    const first = await server.peer();
    await first.accept({ subs: { "inbox:1": { ...stream, offset: 1 }, "news:1": {} } });
    first.push("inbox:1", pub("two", 2));
    await state(rt, "connected");
    await first.quiet(rt);
    assert.deepEqual(found.map(room => [room.name, room.state]), [["inbox:1", "subscribed"], ["news:1", "subscribed"]]);
    assert.equal(rt.room("inbox:1"), found[0]);
    await first.quiet(rt);
    first.socket.terminate();
    const second = await server.peer();
    const command = await second.accept({ subs: { "inbox:1": { ...stream, offset: 2, recovered: true,
      was_recovering: true, publications: [{ data: "three", offset: 3 }] } } });
    assert.deepEqual(command.subs, { "inbox:1": { recover: true, epoch: "e1", offset: 2 } });
    await state(rt, "connected");
    await second.quiet(rt);
    assert.deepEqual(seen, { publication: [["two", false], ["three", true]], unsubscribed: [2000] });
    assert.equal(found.length, 2);
    assert.equal(found[1].state, "unsubscribed");
  });

  it("appears later by a push, and goes by one", async () => {
    const { rt, peer } = await pair();
    const appeared = next(rt, "room");
    peer.push("inbox:1", { subscribe: { ...stream, offset: 4, data: "hello" } });
    const room = await appeared;
    const seen = record(room, "subscribed", "unsubscribed", "publication");
    peer.push("inbox:1", pub("five", 5));
    peer.push("inbox:1", { unsubscribe: { code: 2000, reason: "bye" } });
    await peer.quiet(rt);
    assert.deepEqual([seen.publication[0].data, seen.unsubscribed], ["five", [{ code: 2000, reason: "bye" }]]);
  });

  it("may be asked for as well", async () => {
    const server = await listen();
    const rt = dial(server.url);
    const room = rt.room("inbox:1");
    const first = await server.peer();
    await first.accept({ subs: { "inbox:1": {} } });
    first.refuse(await first.expect("subscribe"), 105, "already subscribed");
    await room.ready();
    await first.quiet(rt);
    assert.equal(room.state, "subscribed");
    first.socket.terminate();
    const second = await server.peer();
    await second.accept(); // not chosen any more: subscribes like any other
    await second.admit();
    await room.ready();
  });
});

describe("Time", { concurrency: true }, () => {
  after(cleanUp);

  it("reconnects when no ping came for the interval and 10 s", async () => {
    const { rt, peer, server } = await pair({}, { ping: 1 });
    const since = Date.now();
    peer.send({});
    assert.equal((await next(rt, "state")).code, 2);
    assert.ok(Date.now() - since >= 10.9 * SECOND);
    await (await server.peer()).accept();
  });

  it("rejects a command without an answer after 5 s and stays connected", async () => {
    const { rt, peer } = await pair();
    const late = rt.rpc("m");
    const command = await peer.expect("rpc");
    await assert.rejects(late, failed(3, true));
    peer.reply(command, { data: "too late" });
    await peer.quiet(rt);
    assert.equal(rt.state, "connected");
  });

  it("rejects a command that found no connection for 5 s", async () => {
    const server = await listen();
    const rt = dial(server.url);
    const waiting = assert.rejects(rt.room("chat:1").publish(1), failed(7, true));
    const sent = next(rt, "error");
    rt.send("lost");
    const peer = await server.peer();
    const connect = await peer.expect("connect");
    await waiting;
    assert.equal((await sent).code, 7);
    assert.equal(connect.kind, "connect");
  });

  it("reconnects when connect or subscribe find no answer", async () => {
    const server = await listen();
    const rt = dial(server.url);
    await (await server.peer()).expect("connect");
    assert.equal((await next(rt, "error")).code, 3);
    const second = await server.peer();
    await second.accept();
    rt.room("chat:1");
    await second.expect("subscribe");
    await state(rt, "connected");
    assert.equal((await next(rt, "state")).code, 3);
    await (await server.peer()).accept();
  });

  it("renews a token again some seconds after a temporary error", async () => {
    const answers = ["first", "second", "third"];
    const { peer } = await pair({ getToken: () => answers.shift() }, { expires: true, ttl: 0.05 });
    peer.refuse(await peer.expect("refresh"), 100, "internal server error", true);
    const since = Date.now();
    assert.equal((await peer.expect("refresh")).token, "third");
    assert.ok(Date.now() - since >= 4.9 * SECOND);
  });
});
