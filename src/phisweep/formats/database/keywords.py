"""Words of SQL that are not searched, and names that databases give themselves."""

from __future__ import annotations

LANGUAGE = frozenset(
    """
    abort action add after all alter always analyze and any as asc attach auto_increment
    autoincrement before begin between bigint bigserial binary bit blob bool boolean by
    bytea cascade case cast char character charset check collate column comment commit
    conflict constraint copy create cross current_date current_time current_timestamp cycle
    data database date datetime datetime2 dbo deallocate decimal declare default deferrable
    deferred definer delete delimiter desc disable distinct do double drop each else enable
    end engine enum exec execute exists explain extension false fetch first float for
    foreign from full function generated getdate glob go grant group having identified
    identity identity_insert if ignore in increment index inner innodb insert int integer
    into is isnull join json jsonb key keys language last latin1 left like limit local lock
    longblob longtext macro materialized maxvalue mediumint mediumtext minvalue money names
    natural nchar next no not now null nulls numeric nvarchar of off offset on only option
    or order outer over owned owner partition plain plan plpgsql policy postgres pragma
    precision prepare primary privileges procedure public raise real recursive references
    regexp reindex release rename replace restart restrict return returns revoke right role
    rollback root row rowid rows savepoint schema select sequence serial session set
    smallint sql start stdin stored strict string struct table tables temp temporary text
    then time timestamp timestamptz tinyint tinytext to transaction trigger true truncate
    type uint unicode union unique unlock unsigned update usage use user using utf8 utf8mb4
    uuid vacuum value values varbinary varchar view virtual when where window with without
    work write xml year zone
    """.split()  # noqa: SIM905 - a list would take a line a word
)
CONSTRAINTS = frozenset(
    """
    check constraint exclude foreign fulltext index key like period primary spatial unique
    """.split()  # noqa: SIM905 - a list would take a line a word
)
#: Users that every database has.
NO_USER = frozenset(
    """
    admin current_user dbo guest localhost mysql postgres public root sa session_user sys
    """.split()  # noqa: SIM905 - a list would take a line a word
)
