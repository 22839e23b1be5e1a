// SPDX-License-Identifier: Apache-2.0
// The browser client as the sample serves it, against the sample.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { afterEach, test } from "node:test";
import { WebSocket } from "ws";
import { newRoom, port, proxy, record, say, until } from "./support.mjs";

const served = await fetch(`http://127.0.0.1:${port}/realtime/client.js`);
const copy = new URL("served-client.mjs", import.meta.url);
await writeFile(copy, await served.text());
globalThis.WebSocket ??= WebSocket;
const { connect } = await import(copy);

const clients = [];

afterEach(() => clients.splice(0).forEach(client => client.close()));

function dial(options, through = port) {
  const client = connect(`http://127.0.0.1:${through}/realtime`, { minDelay: 20, maxDelay: 200, ...options });
  clients.push(client);
  return client;
}

async function enter(client, name) {
  const room = client.room(name);
  const seen = record(room, "publication", "subscribed", "join", "leave");
  await room.ready();
  return { room, seen };
}

test("is served as a script", () => {
  assert.equal(served.status, 200);
  assert.match(served.headers.get("content-type"), /^(text|application)\/javascript/);
});

test("publishes, and sees who is there and what was said", async () => {
  const client = dial({ data: { name: "Ann" } });
  const { room, seen } = await enter(client, newRoom("open"));
  await room.publish({ text: "hello" });
  await until(() => seen.publication.length === 1, "the echo");
  assert.deepEqual(seen.publication[0].data, { text: "hello" });
  assert.equal(seen.publication[0].info.user, "Ann");
  assert.deepEqual(client.data, { name: "Ann" });
  const presence = await room.presence();
  assert.deepEqual(Object.keys(presence), [client.client]);
  assert.deepEqual(presence[client.client].connInfo, { name: "Ann" });
  assert.deepEqual(await room.presenceStats(), { numClients: 1, numUsers: 1 });
  const { publications, offset } = await room.history({ limit: 10, reverse: true });
  assert.deepEqual([publications.length, offset], [1, 1]);
});

test("hears who comes and goes", async () => {
  const name = newRoom();
  const { seen } = await enter(dial({ data: { name: "Ann" } }), name);
  const other = dial({ data: { name: "Ben" } });
  await enter(other, name);
  await until(() => seen.join.some(({ user }) => user === "Ben"), "a join");
  other.close();
  await until(() => seen.leave.some(({ user }) => user === "Ben"), "a leave");
});

test("recovers what it missed while TCP was down", async () => {
  const link = await proxy();
  const client = dial({}, link.port);
  const name = newRoom();
  const { room, seen } = await enter(client, name);
  await say(name, "before");
  await until(() => seen.publication.length === 1, "the first");
  link.cut();
  await until(() => client.state === "connecting", "the loss");
  await say(name, "missed 1");
  await say(name, "missed 2");
  link.restore();
  await until(() => seen.subscribed.length === 2, "subscribed again");
  assert.deepEqual([seen.subscribed[1].wasRecovering, seen.subscribed[1].recovered], [true, true]);
  await room.publish({ text: "after" });
  await until(() => seen.publication.length === 4, "all of them");
  assert.deepEqual(seen.publication.map(({ data, recovered }) => [data.text, recovered]),
    [["before", false], ["missed 1", true], ["missed 2", true], ["after", false]]);
});

test("calls methods, and is told by the server what is wrong", async () => {
  const client = dial({ data: { name: "Ann" } });
  const { room, seen } = await enter(client, "chat:help");
  assert.equal(seen.subscribed[0].data.topic, "Questions, and with luck answers");
  await assert.rejects(room.publish({ text: " " }), { code: 400, message: "text: A message must not be empty" });
  await room.publish({ text: "hello", from: "Ben" });
  await until(() => seen.publication.length === 1, "the echo");
  assert.equal(seen.publication[0].data.from, "Ann");
  const rooms = await client.rpc("rooms.list");
  const { messages, members } = rooms.find(({ name }) => name === "help");
  assert.deepEqual([messages, members], [1, 1]);
  await assert.rejects(client.rpc("nothing"), { code: 104 });
});

test("tells the others that it is typing, without an answer", async () => {
  const name = newRoom(), signs = name.replace("chat:", "typing:");
  const ann = dial({ data: { name: "Ann" } }), ben = dial({ data: { name: "Ben" } });
  await enter(ann, name);
  const { seen } = await enter(ann, signs);
  const other = await enter(ben, signs);
  ann.send({ room: name.replace("chat:", "") });
  await until(() => other.seen.publication.length === 1, "the sign");
  assert.deepEqual(other.seen.publication[0].data, { from: "Ann" });
  assert.equal(other.seen.publication[0].offset, undefined);
  ben.send({ room: name.replace("chat:", "") }); // is not in the room
  await ben.rpc("rooms.list");
  assert.equal(seen.publication.length, 0);
});

test("gets what is said privately in a room that the server puts it into, and recovers it", async () => {
  const link = await proxy();
  const ann = dial({ data: { name: "Ann" } }), ben = dial({ data: { name: "Ben Ö" } }, link.port);
  const inboxes = [];
  const told = [];
  ben.on("room", room => {
    inboxes.push(room);
    room.on("publication", ({ data, recovered }) => told.push([data.from, data.to, data.text, recovered]));
  });
  await until(() => inboxes.length === 1, "the inbox");
  await ann.rpc("messages.private", { to: "Ben Ö", text: "one" });
  await until(() => told.length === 1, "the first");
  link.cut();
  await until(() => ben.state === "connecting", "the loss");
  await ann.rpc("messages.private", { to: "Ben Ö", text: "two" });
  link.restore();
  await until(() => told.length === 2, "the second");
  assert.deepEqual(told, [["Ann", "Ben Ö", "one", false], ["Ann", "Ben Ö", "two", true]]);
  await assert.rejects(ann.room(inboxes[0].name).ready(), { code: 103 });
  await assert.rejects(inboxes[0].publish({ from: "Ann", text: "three" }), { code: 103 });
});
