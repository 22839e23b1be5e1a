// SPDX-License-Identifier: Apache-2.0
// The published JavaScript SDK, unmodified and in Protobuf, against the sample. Payloads are bytes.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { Centrifuge } from "centrifuge/build/protobuf";
import { WebSocket } from "ws";
import { control, newRoom, pause, port, proxy, record, say, until } from "./support.mjs";

const clients = [];

afterEach(() => clients.splice(0).forEach(client => client.disconnect()));

const bytes = value => new TextEncoder().encode(JSON.stringify(value));

const value = data => JSON.parse(new TextDecoder().decode(data));

const values = publications => publications.map(({ data }) => value(data));

const offsets = publications => publications.map(({ offset }) => offset);

/** A client that is not connected yet; `client.sockets` has what it opens. */
function create({ data, ...options } = {}, through = port) {
  const sockets = [];
  class Socket extends WebSocket {
    constructor(...args) {
      super(...args);
      sockets.push(this);
    }
  }
  const client = new Centrifuge(`ws://127.0.0.1:${through}/realtime`,
    { websocket: Socket, minReconnectDelay: 20, maxReconnectDelay: 200, data: data && bytes(data), ...options });
  clients.push(client);
  return Object.assign(client,
    { sockets, seen: record(client, "connecting", "connected", "disconnected", "error") });
}

async function connect(options, through) {
  const client = create(options, through);
  client.connect();
  await client.ready(10000);
  return client;
}

async function subscribe(client, room, options) {
  const subscription = client.newSubscription(room, options);
  const seen = record(subscription, "publication", "subscribing", "subscribed", "unsubscribed", "join", "leave", "error");
  subscription.subscribe();
  await subscription.ready(10000);
  return Object.assign(subscription, { seen });
}

/** A client that knows nothing of the protocol and is in a room. */
async function plain(room) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/realtime`);
  const messages = [];
  const closed = [];
  socket.on("message", data => messages.push(...data.toString().trim().split("\n").map(line => JSON.parse(line))));
  socket.on("close", (code, reason) => closed.push({ code, reason: reason.toString() }));
  await new Promise(resolve => socket.on("open", resolve));
  socket.send(`{"id":1,"connect":{}}\n{"id":2,"subscribe":{"channel":"${room}"}}`);
  await until(() => messages.some(message => message.subscribe), "subscribed");
  clients.push({ disconnect: () => socket.terminate() });
  return { socket, closed, pushes: () => messages.filter(message => message.push).map(message => message.push) };
}

test("connects, and the sub-protocol is echoed", async () => {
  const [ann, guest] = await Promise.all([connect({ data: { name: "Ann" } }), connect()]);
  assert.equal(ann.sockets[0].protocol, "centrifuge-protobuf");
  assert.deepEqual(value(ann.seen.connected[0].data), { name: "Ann" });
  assert.match(value(guest.seen.connected[0].data).name, /^[a-z]+-[a-z]+-\d\d$/);
  assert.notEqual(ann.seen.connected[0].client, guest.seen.connected[0].client);
});

test("is refused with a name that is none, and with a token that nobody knows", async () => {
  for (const [options, code] of [[{ data: { name: "<b>" } }, 400], [{ token: "who knows" }, 3500]]) {
    const client = create(options);
    client.connect();
    await until(() => client.seen.disconnected.length, "disconnected");
    assert.equal(client.seen.disconnected[0].code, code);
    await pause(300);
    assert.equal(client.sockets.length, 1);
  }
});

test("publishes and gets it back", async () => {
  const client = await connect({ data: { name: "Ann" } });
  const room = await subscribe(client, newRoom("open"));
  await room.publish(bytes({ text: "<b>hällo</b>\n🙂", more: [1, null, { a: 1.5 }] }));
  const { data, info, offset } = await until(() => room.seen.publication[0], "the echo");
  assert.deepEqual(value(data), { text: "<b>hällo</b>\n🙂", more: [1, null, { a: 1.5 }] });
  assert.equal(offset, 1);
  assert.equal(info.client, client.seen.connected[0].client);
  assert.equal(info.user, "Ann");
  assert.deepEqual(value(info.connInfo), { name: "Ann" });
});

test("gets 50 publications in order", async () => {
  const name = newRoom("open");
  const [writer, reader] = await Promise.all([connect(), connect()]);
  const room = await subscribe(reader, name);
  const theirs = await subscribe(writer, name);
  const wanted = Array.from({ length: 50 }, (_, i) => "message " + i);
  await Promise.all(wanted.map(text => theirs.publish(bytes(text))));
  await until(() => room.seen.publication.length === 50, "50 publications");
  assert.deepEqual(values(room.seen.publication), wanted);
  assert.deepEqual(offsets(room.seen.publication), wanted.map((_, i) => i + 1));
});

test("gets what the application publishes, with positions", async () => {
  const name = newRoom();
  const room = await subscribe(await connect(), name);
  const position = await say(name, "hello");
  const publication = await until(() => room.seen.publication[0], "the publication");
  assert.equal(value(publication.data).text, "hello");
  assert.equal(publication.offset, position.offset);
  assert.equal(publication.info, undefined);
});

test("bytes that are not JSON reach it, and end the connection of a client in JSON", async () => {
  const name = newRoom("open");
  const [one, two] = await Promise.all([connect(), connect()]);
  const [room, theirs] = [await subscribe(one, name), await subscribe(two, name)];
  const json = await plain(name);
  const data = Uint8Array.of(104, 0, 255, 10, 123);
  await theirs.publish(data);
  for (const it of [room, theirs]) {
    const publication = await until(() => it.seen.publication[0], "the publication");
    assert.deepEqual(Uint8Array.from(publication.data), data);
  }
  await until(() => json.closed.length, "the close");
  assert.deepEqual(json.closed[0], { code: 3506, reason: "inappropriate protocol" });
});

test("bytes that are JSON reach a client in JSON, and its text comes with quotes", async () => {
  const name = newRoom("open");
  const room = await subscribe(await connect({ data: { name: "Ann" } }), name);
  const json = await plain(name);
  await room.publish(bytes({ text: "from Protobuf" }));
  const { pub } = await until(() => json.pushes()[0], "the push");
  assert.deepEqual(pub.data, { text: "from Protobuf" });
  assert.equal(pub.info.user, "Ann");
  json.socket.send(`{"id":3,"publish":{"channel":"${name}","data":"m-0"}}`);
  const publication = await until(() => room.seen.publication[1], "the text");
  assert.deepEqual([...publication.data], [..."\"m-0\""].map(character => character.charCodeAt(0)));
  assert.equal(json.closed.length, 0);
});

test("sees presence, its statistics, and who joins and leaves", async () => {
  const name = newRoom();
  const ann = await connect({ data: { name: "Ann" } });
  const room = await subscribe(ann, name, { joinLeave: true });
  const ben = await connect({ data: { name: "Ben" } });
  await subscribe(ben, name);
  const again = await connect({ data: { name: "Ben" } });
  await subscribe(again, name);
  const { clients: members } = await room.presence();
  assert.deepEqual(Object.keys(members).sort(), [ann, ben, again].map(it => it.seen.connected[0].client).sort());
  const member = members[ben.seen.connected[0].client];
  assert.equal(member.user, "Ben");
  assert.deepEqual(value(member.connInfo), { name: "Ben" });
  assert.deepEqual(await room.presenceStats(), { numClients: 3, numUsers: 2 });
  ben.disconnect();
  const left = await until(() => room.seen.leave[0], "a leave");
  assert.equal(left.info.client, ben.seen.connected[0].client);
  assert.deepEqual(room.seen.join.filter(it => it.info.user === "Ben").map(it => it.info.client),
    [ben, again].map(it => it.seen.connected[0].client));
});

test("reads the history by limit, position and direction", async () => {
  const room = await subscribe(await connect(), newRoom("open"));
  const empty = await room.history({ limit: -1 });
  assert.deepEqual([empty.publications, empty.offset], [[], 0]);
  for (let i = 1; i <= 10; i++) await room.publish(bytes("m" + i));
  const { epoch } = empty;
  const read = async options => {
    const history = await room.history(options);
    assert.equal(history.offset, 10);
    assert.equal(history.epoch, epoch);
    return offsets(history.publications);
  };
  assert.deepEqual(await read({}), []);
  assert.deepEqual(await read({ limit: -1 }), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  assert.deepEqual(await read({ limit: 3, reverse: true }), [10, 9, 8]);
  assert.deepEqual(await read({ limit: 3, since: { offset: 4, epoch } }), [5, 6, 7]);
  assert.deepEqual(await read({ limit: 2, since: { offset: 4, epoch }, reverse: true }), [3, 2]);
  await assert.rejects(room.history({ limit: 1, since: { offset: 4, epoch: "other" } }), { code: 112 });
  await assert.rejects(room.history({ limit: 1, since: { offset: 0, epoch }, reverse: true }), { code: 107 });
});

test("recovers what it missed while TCP was down", async () => {
  const link = await proxy();
  const client = await connect({}, link.port);
  const name = newRoom();
  const room = await subscribe(client, name);
  await say(name, "before");
  await until(() => room.seen.publication.length === 1, "the first");
  link.cut();
  await until(() => room.seen.subscribing.length === 2, "the loss");
  assert.equal(client.seen.connecting.at(-1).code, 1);
  for (const text of ["missed 1", "missed 2", "missed 3"]) await say(name, text);
  link.restore();
  const again = await until(() => room.seen.subscribed[1], "subscribed again");
  assert.deepEqual([again.wasRecovering, again.recovered, again.hasRecoveredPublications], [true, true, true]);
  await say(name, "after");
  await until(() => room.seen.publication.length >= 5, "all of them");
  assert.deepEqual(values(room.seen.publication).map(({ text }) => text),
    ["before", "missed 1", "missed 2", "missed 3", "after"]);
  assert.deepEqual(offsets(room.seen.publication), [1, 2, 3, 4, 5]);
});

test("is told when the history does not reach back, or is of another epoch", async () => {
  const client = await connect();
  const name = newRoom("small"); // keeps five
  for (let i = 0; i < 8; i++) await client.publish(name, bytes("message " + i));
  for (const since of [{ offset: 1, epoch: "" }, { offset: 7, epoch: "other" }]) {
    const subscription = await subscribe(client, name, { since });
    const { wasRecovering, recovered, streamPosition } = subscription.seen.subscribed[0];
    assert.deepEqual([wasRecovering, recovered, streamPosition.offset], [true, false, 8]);
    subscription.unsubscribe();
    client.removeSubscription(subscription);
  }
});

test("ten subscribe/unsubscribe pairs at once leave it in the room once", async () => {
  const client = await connect();
  const room = client.newSubscription(newRoom());
  for (let i = 0; i < 10; i++) {
    room.subscribe();
    room.unsubscribe();
  }
  room.subscribe();
  await room.ready(10000);
  assert.deepEqual(Object.keys((await room.presence()).clients), [client.seen.connected[0].client]);
  assert.equal(client.sockets.length, 1);
});

test("refusals are final and carry the code", async () => {
  const client = await connect();
  for (const [room, code] of [["nowhere:1", 102], ["noname", 102], ["closed:1", 103], ["chat:not a room", 107]]) {
    const subscription = client.newSubscription(room);
    const { unsubscribed } = record(subscription, "unsubscribed");
    subscription.subscribe();
    await until(() => unsubscribed.length, room);
    assert.equal(unsubscribed[0].code, code, room);
  }
  await assert.rejects(client.publish(newRoom(), bytes({ text: "not a member" })), { code: 103 });
  await assert.rejects(client.rpc("anything", bytes({})), { code: 104 });
  assert.equal(client.sockets.length, 1);
});

test("does not come back after 3501", async () => {
  const client = await connect();
  client.sockets[0].send(Uint8Array.of(2, 8, 1)); // a number without a method
  await until(() => client.seen.disconnected.length, "disconnected");
  assert.equal(client.seen.disconnected[0].code, 3501);
  await pause(500);
  assert.equal(client.sockets.length, 1);
});

test("comes back after 3001, to a server that has forgotten the room", async () => {
  const client = await connect({ data: { name: "Ann" } }, Number(process.env.SECOND_PORT));
  const room = await subscribe(client, newRoom("open"));
  await room.publish(bytes("before"));
  await until(() => room.seen.publication.length === 1, "the echo");
  await control("restart");
  await until(() => client.seen.connected.length === 2, "connected again", 30000);
  assert.equal(client.seen.connecting[1].code, 3001);
  const again = await until(() => room.seen.subscribed[1], "subscribed again");
  assert.deepEqual([again.wasRecovering, again.recovered], [true, false]);
  await room.publish(bytes("after"));
  await until(() => room.seen.publication.length === 2, "the echo");
  assert.equal(client.seen.disconnected.length, 0);
});
