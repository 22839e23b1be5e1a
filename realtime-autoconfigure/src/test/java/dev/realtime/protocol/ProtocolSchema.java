/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package dev.realtime.protocol;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import dev.realtime.Payload;

/**
 * The schema of the protocol for protobuf-java, without code of its compiler: a second
 * opinion on every byte.
 */
final class ProtocolSchema {

	/**
	 * Each line is a message; {@code []} marks a list and <code>{}</code> a map from
	 * texts.
	 */
	private static final String TABLE = """
			Error: uint32 code=1, string message=2, bool temporary=3
			Command: uint32 id=1, ConnectRequest connect=4, SubscribeRequest subscribe=5, UnsubscribeRequest unsubscribe=6, \
			PublishRequest publish=7, PresenceRequest presence=8, PresenceStatsRequest presence_stats=9, \
			HistoryRequest history=10, PingRequest ping=11, SendRequest send=12, RPCRequest rpc=13, \
			RefreshRequest refresh=14, SubRefreshRequest sub_refresh=15
			Reply: uint32 id=1, Error error=2, Push push=4, ConnectResult connect=5, SubscribeResult subscribe=6, \
			UnsubscribeResult unsubscribe=7, PublishResult publish=8, PresenceResult presence=9, \
			PresenceStatsResult presence_stats=10, HistoryResult history=11, PingResult ping=12, RPCResult rpc=13, \
			RefreshResult refresh=14, SubRefreshResult sub_refresh=15
			Push: int64 id=1, string channel=2, Publication pub=4, Join join=5, Leave leave=6, Unsubscribe unsubscribe=7, \
			Message message=8, Subscribe subscribe=9, Connect connect=10, Disconnect disconnect=11, Refresh refresh=12
			ClientInfo: string user=1, string client=2, bytes conn_info=3, bytes chan_info=4
			Publication: bytes data=4, ClientInfo info=5, uint64 offset=6, string{} tags=7, bool delta=8, int64 time=9, \
			string channel=10, string key=11, bool removed=12, sint64 score=13, string epoch=14, bytes prev_data=15, \
			uint64 version=16
			Join: ClientInfo info=1
			Leave: ClientInfo info=1
			Unsubscribe: uint32 code=2, string reason=3
			Subscribe: bool recoverable=1, string epoch=4, uint64 offset=5, bool positioned=6, bytes data=7
			Message: bytes data=1
			Connect: string client=1, string version=2, bytes data=3, SubscribeResult{} subs=4, bool expires=5, uint32 ttl=6, \
			uint32 ping=7, bool pong=8, string session=9, string node=10, int64 time=11
			Disconnect: uint32 code=1, string reason=2, bool reconnect=3
			Refresh: bool expires=1, uint32 ttl=2
			ConnectRequest: string token=1, bytes data=2, SubscribeRequest{} subs=3, string name=4, string version=5, \
			string{} headers=6, int64 flag=7, string dict=8, string profile=9
			ConnectResult: string client=1, string version=2, bool expires=3, uint32 ttl=4, bytes data=5, \
			SubscribeResult{} subs=6, uint32 ping=7, bool pong=8, string session=9, string node=10, int64 time=11, \
			int64 flag=12, bytes dict=13
			SubscribeRequest: string channel=1, string token=2, bool recover=3, string epoch=6, uint64 offset=7, \
			bytes data=8, bool positioned=9, bool recoverable=10, bool join_leave=11, string delta=12, FilterNode tf=13, \
			int64 flag=14, int32 type=15, int32 phase=16, string cursor=17, int32 limit=18, bool asc=19
			SubscribeResult: bool expires=1, uint32 ttl=2, bool recoverable=3, string epoch=6, Publication[] publications=7, \
			bool recovered=8, uint64 offset=9, bool positioned=10, bytes data=11, bool was_recovering=12, bool delta=13, \
			int64 id=14, int32 type=15, int32 phase=16, string cursor=17, Publication[] state=18, uint32 publish_debounce=19
			UnsubscribeRequest: string channel=1
			UnsubscribeResult:
			PublishRequest: string channel=1, bytes data=2, int32 type=3, string key=4, bool removed=5
			PublishResult:
			PresenceRequest: string channel=1
			PresenceResult: ClientInfo{} presence=1
			PresenceStatsRequest: string channel=1
			PresenceStatsResult: uint32 num_clients=1, uint32 num_users=2
			StreamPosition: uint64 offset=1, string epoch=2
			HistoryRequest: string channel=1, int32 limit=7, StreamPosition since=8, bool reverse=9
			HistoryResult: Publication[] publications=1, string epoch=2, uint64 offset=3
			PingRequest:
			PingResult:
			RPCRequest: bytes data=1, string method=2
			RPCResult: bytes data=1
			SendRequest: bytes data=1
			RefreshRequest: string token=1
			RefreshResult: string client=1, string version=2, bool expires=3, uint32 ttl=4
			SubRefreshRequest: string channel=1, string token=2, int32 type=3, string[] track=4, string[] untrack=5
			SubRefreshResult: bool expires=1, uint32 ttl=2
			FilterNode: string op=1, string key=2, string cmp=3, string val=4, string[] vals=5, FilterNode[] nodes=6
			""";

	private static final Pattern FIELD = Pattern.compile("(\\w+)(\\[]|\\{})? (\\w+)=(\\d+)");

	private static final Label LIST = Label.LABEL_REPEATED;

	private final FileDescriptor file;

	ProtocolSchema() {
		FileDescriptorProto.Builder schema = FileDescriptorProto.newBuilder().setName("client.proto");
		schema.setPackage("centrifugal.centrifuge.protocol").setSyntax("proto3");
		TABLE.lines().forEach((line) -> schema.addMessageType(messageType(line)));
		try {
			this.file = FileDescriptor.buildFrom(schema.build(), new FileDescriptor[0]);
		}
		catch (DescriptorValidationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static DescriptorProto messageType(String line) {
		DescriptorProto.Builder message = DescriptorProto.newBuilder().setName(line.substring(0, line.indexOf(':')));
		Matcher field = FIELD.matcher(line);
		while (field.find()) {
			addField(message, field.group(1), field.group(2), field.group(3), Integer.parseInt(field.group(4)));
		}
		return message.build();
	}

	private static void addField(DescriptorProto.Builder message, String type, String many, String name, int number) {
		if ("{}".equals(many)) {
			DescriptorProto.Builder entry = message.addNestedTypeBuilder().setName(entryName(name));
			entry.getOptionsBuilder().setMapEntry(true);
			entry.addField(field("string", "key", 1)).addField(field(type, "value", 2));
			message.addField(field(message.getName() + "." + entry.getName(), name, number).setLabel(LIST));
		}
		else {
			message.addField(field(type, name, number).setLabel((many != null) ? LIST : Label.LABEL_OPTIONAL));
		}
	}

	private static String entryName(String field) {
		return Character.toUpperCase(field.charAt(0)) + field.substring(1) + "Entry";
	}

	private static FieldDescriptorProto.Builder field(String type, String name, int number) {
		FieldDescriptorProto.Builder field = FieldDescriptorProto.newBuilder().setName(name).setNumber(number);
		if (Character.isUpperCase(type.charAt(0))) {
			return field.setType(Type.TYPE_MESSAGE).setTypeName(".centrifugal.centrifuge.protocol." + type);
		}
		return field.setType(Type.valueOf("TYPE_" + type.toUpperCase(Locale.ROOT)));
	}

	/**
	 * Make a message.
	 * @param type the name of the message
	 * @param fields values by the names of the fields: numbers, texts, payloads, lists,
	 * and maps for messages as well as for maps
	 * @return the message
	 */
	DynamicMessage message(String type, Map<String, ?> fields) {
		return message(this.file.findMessageTypeByName(type), fields);
	}

	private DynamicMessage message(Descriptor type, Map<String, ?> fields) {
		DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
		fields.forEach((name, value) -> {
			FieldDescriptor field = type.findFieldByName(name);
			if (field == null) {
				throw new IllegalArgumentException(type.getName() + " has no field " + name);
			}
			message.setField(field, value(field, value));
		});
		return message.build();
	}

	private Object value(FieldDescriptor field, Object value) {
		if (field.isMapField()) {
			return ((Map<?, ?>) value).entrySet()
				.stream()
				.map((entry) -> message(field.getMessageType(),
						Map.of("key", entry.getKey(), "value", entry.getValue())))
				.toList();
		}
		if (field.isRepeated()) {
			return ((List<?>) value).stream().map((element) -> single(field, element)).toList();
		}
		return single(field, value);
	}

	@SuppressWarnings("unchecked")
	private Object single(FieldDescriptor field, Object value) {
		return switch (field.getJavaType()) {
			case INT -> ((Number) value).intValue();
			case LONG -> ((Number) value).longValue();
			case BYTE_STRING -> ByteString.copyFrom(((Payload) value).bytes());
			case MESSAGE -> message(field.getMessageType(), (Map<String, ?>) value);
			default -> value;
		};
	}

	/**
	 * Read a frame of messages.
	 * @param type the name of the messages
	 * @param frame the messages, each behind its length
	 * @return the messages
	 */
	List<DynamicMessage> parse(String type, byte[] frame) {
		try {
			List<DynamicMessage> messages = new ArrayList<>();
			CodedInputStream in = CodedInputStream.newInstance(frame);
			while (!in.isAtEnd()) {
				messages.add(DynamicMessage.parseFrom(this.file.findMessageTypeByName(type), in.readByteArray()));
			}
			return messages;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Write a frame of messages.
	 * @param messages the messages
	 * @return the messages, each behind its length
	 */
	static byte[] frame(Message... messages) {
		return Stream.of(messages)
			.map((message) -> delimited(message.toByteString()))
			.reduce(ByteString.EMPTY, ByteString::concat)
			.toByteArray();
	}

	static ByteString delimited(ByteString message) {
		try {
			ByteString.Output result = ByteString.newOutput();
			CodedOutputStream out = CodedOutputStream.newInstance(result);
			out.writeBytesNoTag(message);
			out.flush();
			return result.toByteString();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
