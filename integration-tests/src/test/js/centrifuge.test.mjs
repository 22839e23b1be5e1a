// SPDX-License-Identifier: Apache-2.0
// The published JavaScript SDK, unmodified, against the sample: in JSON, and the essentials in Protobuf.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { Centrifuge } from "centrifuge";
import { Centrifuge as ProtobufCentrifuge } from "centrifuge/build/protobuf";
import { WebSocket } from "ws";
import { control, newRoom, pause, port, proxy, record, say, until } from "./support.mjs";

const clients = [];

afterEach(() => clients.splice(0).forEach(client => client.disconnect()));

/** A client that is not connected yet; `client.sockets` has what it opens. */
function create(options, through = port, Client = Centrifuge) {
  const sockets = [];
  class Socket extends WebSocket {
    constructor(...args) {
      super(...args);
      sockets.push(this);
    }
  }
  const client = new Client(`ws://127.0.0.1:${through}/realtime`,
    { websocket: Socket, minReconnectDelay: 20, maxReconnectDelay: 200, ...options });
  clients.push(client);
  return Object.assign(client, { sockets, seen: record(client, "connecting", "connected", "disconnected", "error") });
}

async function connect(options, through, Client) {
  const client = create(options, through, Client);
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

const texts = publications => publications.map(publication => publication.data.text);

test("connects as a guest with a name of its own", async () => {
  const [one, two] = await Promise.all([connect(), connect()]);
  const [first, second] = [one, two].map(client => client.seen.connected[0]);
  assert.match(first.data.name, /^[a-z]+-[a-z]+-\d\d$/);
  assert.ok(first.client);
  assert.notEqual(first.client, second.client);
});

test("connects with the name that it brings", async () => {
  const client = await connect({ data: { name: "Ann" } });
  assert.deepEqual(client.seen.connected[0].data, { name: "Ann" });
});

test("is refused with a name that is none", async () => {
  const client = create({ data: { name: "<b>" } });
  client.connect();
  await until(() => client.seen.disconnected.length, "disconnected");
  assert.equal(client.seen.disconnected[0].code, 400);
});

test("publishes and gets it back", async () => {
  const client = await connect({ data: { name: "Ann" } });
  const room = await subscribe(client, newRoom("open"));
  await room.publish({ text: "<b>hällo</b>\n🙂 ", more: [1, null, { a: 1.5 }] });
  const { data, info, offset } = await until(() => room.seen.publication[0], "the echo");
  assert.deepEqual(data, { text: "<b>hällo</b>\n🙂 ", more: [1, null, { a: 1.5 }] });
  assert.equal(offset, 1);
  assert.equal(info.client, client.seen.connected[0].client);
  assert.equal(info.user, "Ann");
  assert.deepEqual(info.connInfo, { name: "Ann" });
});

test("gets what the application publishes, in order and with positions", async () => {
  const client = await connect();
  const name = newRoom();
  const room = await subscribe(client, name);
  const positions = [];
  for (let i = 0; i < 20; i++) positions.push(await say(name, "message " + i));
  await until(() => room.seen.publication.length === 20, "20 publications");
  assert.deepEqual(texts(room.seen.publication), positions.map((_, i) => "message " + i));
  assert.deepEqual(room.seen.publication.map(({ offset }) => offset), positions.map(({ offset }) => offset));
  assert.equal(room.seen.publication[0].info, undefined);
  assert.equal(new Set(positions.map(({ epoch }) => epoch)).size, 1);
});

test("sees presence, its statistics, and who joins and leaves", async () => {
  const name = newRoom();
  const ann = await connect({ data: { name: "Ann" } });
  const room = await subscribe(ann, name, { joinLeave: true });
  const ben = await connect({ data: { name: "Ben" } });
  await subscribe(ben, name);
  const again = await connect({ data: { name: "Ben" } });
  await subscribe(again, name);
  const { clients } = await room.presence();
  assert.deepEqual(Object.keys(clients).sort(), [ann, ben, again].map(it => it.seen.connected[0].client).sort());
  const member = clients[ben.seen.connected[0].client];
  assert.equal(member.user, "Ben");
  assert.deepEqual(member.connInfo, { name: "Ben" });
  assert.deepEqual(await room.presenceStats(), { numClients: 3, numUsers: 2 });
  ben.disconnect();
  const left = await until(() => room.seen.leave[0], "a leave");
  assert.equal(left.info.client, ben.seen.connected[0].client);
  assert.deepEqual(room.seen.join.filter(it => it.info.user === "Ben").map(it => it.info.client),
    [ben, again].map(it => it.seen.connected[0].client));
  assert.deepEqual(await room.presenceStats(), { numClients: 2, numUsers: 2 });
});

test("reads the history by limit, position and direction", async () => {
  const client = await connect();
  const room = await subscribe(client, newRoom());
  const empty = await room.history({ limit: -1 });
  assert.deepEqual([empty.publications, empty.offset], [[], 0]);
  for (let i = 1; i <= 10; i++) await room.publish({ text: "m" + i });
  const { epoch } = empty;
  const read = async options => {
    const history = await room.history(options);
    assert.equal(history.offset, 10);
    assert.equal(history.epoch, epoch);
    return history.publications.map(({ offset }) => offset);
  };
  assert.deepEqual(await read({}), []);
  assert.deepEqual(await read({ limit: -1 }), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  assert.deepEqual(await read({ limit: 3 }), [1, 2, 3]);
  assert.deepEqual(await read({ limit: 3, reverse: true }), [10, 9, 8]);
  assert.deepEqual(await read({ limit: 3, since: { offset: 4, epoch } }), [5, 6, 7]);
  assert.deepEqual(await read({ limit: -1, since: { offset: 7, epoch } }), [8, 9, 10]);
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
  assert.deepEqual(texts(room.seen.publication), ["before", "missed 1", "missed 2", "missed 3", "after"]);
  assert.deepEqual(room.seen.publication.map(({ offset }) => offset), [1, 2, 3, 4, 5]);
});

test("recovers although nothing was missed", async () => {
  const link = await proxy();
  const client = await connect({}, link.port);
  const room = await subscribe(client, newRoom());
  link.cut();
  await until(() => room.seen.subscribing.length === 2, "the loss");
  link.restore();
  const again = await until(() => room.seen.subscribed[1], "subscribed again");
  assert.deepEqual([again.wasRecovering, again.recovered, again.hasRecoveredPublications], [true, true, false]);
});

test("is told when the history does not reach back to its position", async () => {
  const link = await proxy();
  const client = await connect({}, link.port);
  const other = await connect();
  const name = newRoom("small"); // keeps five
  const room = await subscribe(client, name);
  await other.publish(name, { text: "before" });
  await until(() => room.seen.publication.length === 1, "the first");
  link.cut();
  await until(() => room.seen.subscribing.length === 2, "the loss");
  for (let i = 0; i < 7; i++) await other.publish(name, { text: "missed " + i });
  link.restore();
  const again = await until(() => room.seen.subscribed[1], "subscribed again");
  assert.deepEqual([again.wasRecovering, again.recovered, again.hasRecoveredPublications], [true, false, false]);
  assert.equal(again.streamPosition.offset, 8);
  await other.publish(name, { text: "after" });
  await until(() => room.seen.publication.length === 2, "the next");
  assert.deepEqual(texts(room.seen.publication), ["before", "after"]);
});

test("is told when its position is of another epoch", async () => {
  const client = await connect();
  const name = newRoom();
  const room = await subscribe(client, name, { since: { offset: 3, epoch: "other" } });
  const { wasRecovering, recovered } = room.seen.subscribed[0];
  assert.deepEqual([wasRecovering, recovered], [true, false]);
});

test("in Protobuf, talks to a client in JSON and recovers what it missed", async () => {
  const link = await proxy();
  const bytes = value => new TextEncoder().encode(JSON.stringify(value));
  const value = data => JSON.parse(new TextDecoder().decode(data));
  const client = await connect({ data: bytes({ name: "Ann" }) }, link.port, ProtobufCentrifuge);
  assert.equal(client.sockets[0].protocol, "centrifuge-protobuf");
  const name = newRoom();
  const room = await subscribe(client, name);
  const other = await subscribe(await connect(), name);
  await room.publish(bytes({ text: "from Protobuf" }));
  await other.publish({ text: "from JSON" });
  await until(() => room.seen.publication.length === 2, "both");
  await until(() => other.seen.publication.length === 2, "both");
  assert.deepEqual(texts(other.seen.publication), ["from Protobuf", "from JSON"]);
  assert.equal(other.seen.publication[0].info.user, "Ann");
  assert.deepEqual(await room.presenceStats(), { numClients: 2, numUsers: 2 });
  link.cut();
  await until(() => room.seen.subscribing.length === 2, "the loss");
  await say(name, "missed");
  link.restore();
  const { wasRecovering, recovered } = await until(() => room.seen.subscribed[1], "subscribed again");
  assert.deepEqual([wasRecovering, recovered], [true, true]);
  await until(() => room.seen.publication.length === 3, "the missed one");
  assert.deepEqual(room.seen.publication.map(({ data }) => value(data).text), ["from Protobuf", "from JSON", "missed"]);
  assert.equal((await room.history({ limit: -1 })).publications.length, 3);
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
  assert.deepEqual(await room.presenceStats(), { numClients: 1, numUsers: 1 });
  assert.equal(client.sockets.length, 1);
});

test("leaves the room when it unsubscribes", async () => {
  const [client, other] = await Promise.all([connect(), connect()]);
  const name = newRoom();
  const room = await subscribe(client, name);
  const theirs = await subscribe(other, name);
  room.unsubscribe();
  await until(async () => (await theirs.presenceStats()).numClients === 1, "one member");
  await theirs.publish({ text: "alone" });
  await until(() => theirs.seen.publication.length === 1, "the echo");
  assert.equal(room.seen.publication.length, 0);
});

test("refusals of a subscription are final and carry the code", async () => {
  const client = await connect();
  for (const [room, code] of [["nowhere:1", 102], ["noname", 102], ["closed:1", 103], ["chat:not a room", 107]]) {
    const subscription = client.newSubscription(room);
    const { unsubscribed } = record(subscription, "unsubscribed");
    subscription.subscribe();
    await until(() => unsubscribed.length, room);
    assert.equal(unsubscribed[0].code, code, room);
  }
  await assert.rejects(client.publish(newRoom(), { text: "not a member" }), { code: 103 });
  await assert.rejects(client.rpc("anything", {}), { code: 104 });
  assert.equal(client.sockets.length, 1);
});

test("does not come back after 3501", async () => {
  const client = await connect();
  client.sockets[0].send("this is not JSON");
  await until(() => client.seen.disconnected.length, "disconnected");
  assert.equal(client.seen.disconnected[0].code, 3501);
  await pause(500);
  assert.equal(client.sockets.length, 1);
});

test("a token that nobody knows ends in 3500", async () => {
  const client = create({ token: "who knows" });
  client.connect();
  await until(() => client.seen.disconnected.length, "disconnected");
  assert.equal(client.seen.disconnected[0].code, 3500);
  await pause(300);
  assert.equal(client.sockets.length, 1);
});

test("comes back after 3001, to a server that has forgotten the room", async () => {
  const client = await connect({ data: { name: "Ann" } }, Number(process.env.SECOND_PORT));
  const room = await subscribe(client, newRoom());
  await room.publish({ text: "before" });
  await until(() => room.seen.publication.length === 1, "the echo");
  await control("restart");
  await until(() => client.seen.connected.length === 2, "connected again", 30000);
  assert.equal(client.seen.connecting[1].code, 3001);
  assert.equal(client.seen.connecting[1].reason, "shutdown");
  const again = await until(() => room.seen.subscribed[1], "subscribed again");
  assert.deepEqual([again.wasRecovering, again.recovered], [true, false]);
  await room.publish({ text: "after" });
  await until(() => room.seen.publication.length === 2, "the echo");
  assert.equal(client.seen.disconnected.length, 0);
});
