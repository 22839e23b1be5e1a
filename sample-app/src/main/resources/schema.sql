create table room (
  id int generated always as identity primary key,
  name varchar(250) not null unique,
  topic varchar(200) not null
);

create table message (
  id bigint generated always as identity primary key,
  room varchar(250) not null,
  sender varchar(100),
  text varchar(500) not null,
  sent_at timestamp with time zone not null
);

create index message_room on message (room);

insert into room (name, topic) values
  ('lobby', 'Come in, everybody is welcome'),
  ('random', 'Whatever crosses your mind'),
  ('help', 'Questions, and with luck answers');
