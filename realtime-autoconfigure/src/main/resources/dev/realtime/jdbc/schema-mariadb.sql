create table if not exists realtime_outbox (
	id bigint auto_increment primary key,
	room varchar(255) character set ascii collate ascii_bin not null,
	message_id varchar(255) not null,
	body longblob not null,
	size integer not null,
	created_at bigint not null,
	attempts integer default 0 not null,
	parked smallint default 0 not null,
	failure varchar(255),
	index realtime_outbox_room (parked, room, id)
) engine = InnoDB;
create table if not exists realtime_outbox_lease (
	name varchar(255) character set ascii collate ascii_bin primary key,
	owner varchar(255) not null,
	expires_at bigint not null
) engine = InnoDB;
