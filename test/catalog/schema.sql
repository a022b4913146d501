create schema lake;

create schema logs;

create schema public;

CREATE TABLE lake.access_keys(pipe VARCHAR PRIMARY KEY, key_hash VARCHAR NOT NULL, created_at TIMESTAMP NOT NULL);

CREATE TABLE lake.log_events(table_name VARCHAR NOT NULL, log_group VARCHAR NOT NULL, event_ms BIGINT NOT NULL, id_hash BIGINT NOT NULL, file_id INTEGER NOT NULL);

CREATE TABLE lake.log_groups(table_name VARCHAR, "source" VARCHAR, log_group VARCHAR NOT NULL, start_ms BIGINT NOT NULL, read_from_ms BIGINT NOT NULL, read_to_ms BIGINT NOT NULL, settled_ms BIGINT, PRIMARY KEY(table_name, "source"));

CREATE TABLE lake.made_relations(kind VARCHAR NOT NULL, database_name VARCHAR NOT NULL, schema_name VARCHAR NOT NULL, "name" VARCHAR NOT NULL, engine_schema VARCHAR NOT NULL, engine_name VARCHAR NOT NULL, "error" VARCHAR);

CREATE TABLE lake.objects(file_id INTEGER NOT NULL, table_name VARCHAR, uri VARCHAR NOT NULL, "version" VARCHAR NOT NULL, object_hash BIGINT NOT NULL, version_hash BIGINT NOT NULL, status ENUM('loaded', 'partial', 'empty', 'failed', 'changed', 'replaced') NOT NULL, load_id BIGINT NOT NULL, lines BIGINT NOT NULL, "rows" BIGINT NOT NULL, rejects BIGINT NOT NULL, skipped BIGINT NOT NULL, bytes BIGINT NOT NULL, loaded_at TIMESTAMP NOT NULL, code VARCHAR, "error" VARCHAR, format VARCHAR, pipe VARCHAR);

CREATE TABLE lake.parked_objects(pipe VARCHAR NOT NULL, uri VARCHAR, "version" VARCHAR, bytes BIGINT, code VARCHAR NOT NULL, reason VARCHAR NOT NULL, body VARCHAR, parked_at TIMESTAMP NOT NULL);

CREATE TABLE lake.partitions(table_name VARCHAR, "name" VARCHAR, partition_values VARCHAR[] NOT NULL, "location" VARCHAR NOT NULL, added_at TIMESTAMP NOT NULL, PRIMARY KEY(table_name, "name"));

CREATE TABLE lake.pipeline_objects(kind VARCHAR, database_name VARCHAR, schema_name VARCHAR, "name" VARCHAR, definition VARCHAR NOT NULL, properties JSON NOT NULL, "comment" VARCHAR, created_at TIMESTAMP NOT NULL, dialect VARCHAR DEFAULT('snowflake'), PRIMARY KEY(kind, database_name, schema_name, "name"));

CREATE TABLE lake.pipes(database_name VARCHAR, schema_name VARCHAR, "name" VARCHAR, is_paused BOOLEAN NOT NULL, queue_url VARCHAR, queue_arn VARCHAR, start_at TIMESTAMP, listed_at TIMESTAMP, PRIMARY KEY(database_name, schema_name, "name"));

CREATE TABLE lake.rejects(table_name VARCHAR NOT NULL, file_id INTEGER NOT NULL, line BIGINT NOT NULL, raw VARCHAR NOT NULL, raw_bytes INTEGER NOT NULL, reason VARCHAR NOT NULL, load_id BIGINT NOT NULL);

CREATE TABLE lake.relations_made_from(fingerprint VARCHAR NOT NULL);

CREATE TABLE lake.requested_objects(pipe VARCHAR NOT NULL, request_id VARCHAR NOT NULL, uri VARCHAR NOT NULL, requested_at TIMESTAMP NOT NULL);

CREATE TABLE lake.s3_access_logs(_load_id BIGINT NOT NULL, _file_id INTEGER NOT NULL, _line BIGINT NOT NULL);

CREATE TABLE lake.streams(database_name VARCHAR, schema_name VARCHAR, "name" VARCHAR, table_name VARCHAR NOT NULL, is_append_only BOOLEAN NOT NULL, "position" BIGINT NOT NULL, initial_to BIGINT, stale_reason VARCHAR, PRIMARY KEY(database_name, schema_name, "name"));

CREATE TABLE lake.table_changes(table_name VARCHAR PRIMARY KEY, inserted_by BIGINT NOT NULL, changed_by BIGINT NOT NULL);

CREATE TABLE lake.task_runs(query_id VARCHAR NOT NULL, task VARCHAR NOT NULL, database_name VARCHAR NOT NULL, schema_name VARCHAR NOT NULL, "name" VARCHAR NOT NULL, query_text VARCHAR NOT NULL, condition_text VARCHAR, state VARCHAR NOT NULL, error_code VARCHAR, error_message VARCHAR, scheduled_at TIMESTAMP NOT NULL, started_at TIMESTAMP, completed_at TIMESTAMP, root_task_id VARCHAR NOT NULL, run_id BIGINT NOT NULL, graph_run_group_id BIGINT NOT NULL, scheduled_from VARCHAR NOT NULL, attempt_number INTEGER NOT NULL, config VARCHAR, rows_inserted BIGINT NOT NULL, rows_updated BIGINT NOT NULL, rows_deleted BIGINT NOT NULL, notices VARCHAR[] NOT NULL, skipped_runs BIGINT NOT NULL);

CREATE TABLE lake.tasks(database_name VARCHAR, schema_name VARCHAR, "name" VARCHAR, task_id VARCHAR NOT NULL, is_resumed BOOLEAN NOT NULL, resumed_at TIMESTAMP, suspended_at TIMESTAMP, suspended_reason VARCHAR, failures INTEGER NOT NULL, runs BIGINT DEFAULT(0) NOT NULL, failed_runs BIGINT DEFAULT(0) NOT NULL, succeeded_at TIMESTAMP, inputs_without_rows BIGINT DEFAULT(0), PRIMARY KEY(database_name, schema_name, "name"));

CREATE TABLE lake.tgw_flow_logs(_load_id BIGINT NOT NULL, _file_id INTEGER NOT NULL, _line BIGINT NOT NULL);

CREATE TABLE lake.vpc_flow_logs(_load_id BIGINT NOT NULL, _file_id INTEGER NOT NULL, _line BIGINT NOT NULL);

CREATE TABLE lake.web_access_logs(_load_id BIGINT NOT NULL, _file_id INTEGER NOT NULL, _line BIGINT NOT NULL);

CREATE TABLE made_from(fingerprint VARCHAR NOT NULL);

CREATE TABLE migrations(number INTEGER PRIMARY KEY, "name" VARCHAR NOT NULL, applied_at TIMESTAMP DEFAULT(current_localtimestamp()) NOT NULL);

CREATE VIEW lake."s3_access_logs rows" AS SELECT _load_id AS _load_id, _file_id AS _file_id, _line AS _line, bucketowner AS bucketowner, bucket_name AS bucket_name, requestdatetime AS requestdatetime, remoteip AS remoteip, requester AS requester, requestid AS requestid, operation AS operation, "key" AS "key", COALESCE(object_key, "key") AS object_key, request_uri AS request_uri, httpstatus AS httpstatus, errorcode AS errorcode, bytessent AS bytessent, objectsize AS objectsize, totaltime AS totaltime, turnaroundtime AS turnaroundtime, referrer AS referrer, useragent AS useragent, versionid AS versionid, hostid AS hostid, CAST(sigv AS VARCHAR) AS sigv, ciphersuite AS ciphersuite, CAST(authtype AS VARCHAR) AS authtype, endpoint AS endpoint, CAST(tlsversion AS VARCHAR) AS tlsversion, accesspointarn AS accesspointarn, CAST(aclrequired AS VARCHAR) AS aclrequired, CAST(sourceregion AS VARCHAR) AS sourceregion, extra AS extra, lpad(CAST(path_account_id AS VARCHAR), 12, '0') AS path_account_id, CAST(path_region AS VARCHAR) AS path_region FROM (SELECT *, CAST(NULL AS VARCHAR) AS bucketowner, CAST(NULL AS VARCHAR) AS bucket_name, CAST(NULL AS TIMESTAMP) AS requestdatetime, CAST(NULL AS VARCHAR) AS remoteip, CAST(NULL AS VARCHAR) AS requester, CAST(NULL AS VARCHAR) AS requestid, CAST(NULL AS VARCHAR) AS operation, CAST(NULL AS VARCHAR) AS "key", CAST(NULL AS VARCHAR) AS object_key, CAST(NULL AS VARCHAR) AS request_uri, CAST(NULL AS INTEGER) AS httpstatus, CAST(NULL AS VARCHAR) AS errorcode, CAST(NULL AS BIGINT) AS bytessent, CAST(NULL AS BIGINT) AS objectsize, CAST(NULL AS INTEGER) AS totaltime, CAST(NULL AS INTEGER) AS turnaroundtime, CAST(NULL AS VARCHAR) AS referrer, CAST(NULL AS VARCHAR) AS useragent, CAST(NULL AS VARCHAR) AS versionid, CAST(NULL AS VARCHAR) AS hostid, CAST(NULL AS VARCHAR) AS sigv, CAST(NULL AS VARCHAR) AS ciphersuite, CAST(NULL AS VARCHAR) AS authtype, CAST(NULL AS VARCHAR) AS endpoint, CAST(NULL AS VARCHAR) AS tlsversion, CAST(NULL AS VARCHAR) AS accesspointarn, CAST(NULL AS VARCHAR) AS aclrequired, CAST(NULL AS VARCHAR) AS sourceregion, CAST(NULL AS MAP(VARCHAR, VARCHAR)) AS extra, CAST(NULL AS BIGINT) AS path_account_id, CAST(NULL AS VARCHAR) AS path_region FROM lake.s3_access_logs);

CREATE VIEW lake."tgw_flow_logs rows" AS SELECT _load_id AS _load_id, _file_id AS _file_id, _line AS _line, "version" AS "version", CAST(resource_type AS VARCHAR) AS resource_type, account_id AS account_id, tgw_id AS tgw_id, tgw_attachment_id AS tgw_attachment_id, tgw_src_vpc_account_id AS tgw_src_vpc_account_id, tgw_dst_vpc_account_id AS tgw_dst_vpc_account_id, tgw_src_vpc_id AS tgw_src_vpc_id, tgw_dst_vpc_id AS tgw_dst_vpc_id, tgw_src_subnet_id AS tgw_src_subnet_id, tgw_dst_subnet_id AS tgw_dst_subnet_id, tgw_src_eni AS tgw_src_eni, tgw_dst_eni AS tgw_dst_eni, tgw_src_az_id AS tgw_src_az_id, tgw_dst_az_id AS tgw_dst_az_id, tgw_pair_attachment_id AS tgw_pair_attachment_id, srcaddr AS srcaddr, dstaddr AS dstaddr, srcport AS srcport, dstport AS dstport, protocol AS protocol, packets AS packets, bytes AS bytes, "start" AS "start", "end" AS "end", CAST(log_status AS VARCHAR) AS log_status, CAST("type" AS VARCHAR) AS "type", packets_lost_no_route AS packets_lost_no_route, packets_lost_blackhole AS packets_lost_blackhole, packets_lost_mtu_exceeded AS packets_lost_mtu_exceeded, packets_lost_ttl_expired AS packets_lost_ttl_expired, tcp_flags AS tcp_flags, CAST(region AS VARCHAR) AS region, CAST(flow_direction AS VARCHAR) AS flow_direction, pkt_src_aws_service AS pkt_src_aws_service, pkt_dst_aws_service AS pkt_dst_aws_service, extra AS extra, lpad(CAST(path_account_id AS VARCHAR), 12, '0') AS path_account_id, CAST(path_region AS VARCHAR) AS path_region FROM (SELECT *, CAST(NULL AS INTEGER) AS "version", CAST(NULL AS VARCHAR) AS resource_type, CAST(NULL AS VARCHAR) AS account_id, CAST(NULL AS VARCHAR) AS tgw_id, CAST(NULL AS VARCHAR) AS tgw_attachment_id, CAST(NULL AS VARCHAR) AS tgw_src_vpc_account_id, CAST(NULL AS VARCHAR) AS tgw_dst_vpc_account_id, CAST(NULL AS VARCHAR) AS tgw_src_vpc_id, CAST(NULL AS VARCHAR) AS tgw_dst_vpc_id, CAST(NULL AS VARCHAR) AS tgw_src_subnet_id, CAST(NULL AS VARCHAR) AS tgw_dst_subnet_id, CAST(NULL AS VARCHAR) AS tgw_src_eni, CAST(NULL AS VARCHAR) AS tgw_dst_eni, CAST(NULL AS VARCHAR) AS tgw_src_az_id, CAST(NULL AS VARCHAR) AS tgw_dst_az_id, CAST(NULL AS VARCHAR) AS tgw_pair_attachment_id, CAST(NULL AS VARCHAR) AS srcaddr, CAST(NULL AS VARCHAR) AS dstaddr, CAST(NULL AS INTEGER) AS srcport, CAST(NULL AS INTEGER) AS dstport, CAST(NULL AS INTEGER) AS protocol, CAST(NULL AS BIGINT) AS packets, CAST(NULL AS BIGINT) AS bytes, CAST(NULL AS TIMESTAMP) AS "start", CAST(NULL AS TIMESTAMP) AS "end", CAST(NULL AS VARCHAR) AS log_status, CAST(NULL AS VARCHAR) AS "type", CAST(NULL AS BIGINT) AS packets_lost_no_route, CAST(NULL AS BIGINT) AS packets_lost_blackhole, CAST(NULL AS BIGINT) AS packets_lost_mtu_exceeded, CAST(NULL AS BIGINT) AS packets_lost_ttl_expired, CAST(NULL AS INTEGER) AS tcp_flags, CAST(NULL AS VARCHAR) AS region, CAST(NULL AS VARCHAR) AS flow_direction, CAST(NULL AS VARCHAR) AS pkt_src_aws_service, CAST(NULL AS VARCHAR) AS pkt_dst_aws_service, CAST(NULL AS MAP(VARCHAR, VARCHAR)) AS extra, CAST(NULL AS BIGINT) AS path_account_id, CAST(NULL AS VARCHAR) AS path_region FROM lake.tgw_flow_logs);

CREATE VIEW lake."vpc_flow_logs rows" AS SELECT _load_id AS _load_id, _file_id AS _file_id, _line AS _line, "version" AS "version", account_id AS account_id, interface_id AS interface_id, srcaddr AS srcaddr, dstaddr AS dstaddr, srcport AS srcport, dstport AS dstport, protocol AS protocol, packets AS packets, bytes AS bytes, "start" AS "start", "end" AS "end", CAST("action" AS VARCHAR) AS "action", CAST(log_status AS VARCHAR) AS log_status, vpc_id AS vpc_id, subnet_id AS subnet_id, instance_id AS instance_id, tcp_flags AS tcp_flags, CAST("type" AS VARCHAR) AS "type", pkt_srcaddr AS pkt_srcaddr, pkt_dstaddr AS pkt_dstaddr, CAST(region AS VARCHAR) AS region, az_id AS az_id, CAST(sublocation_type AS VARCHAR) AS sublocation_type, sublocation_id AS sublocation_id, pkt_src_aws_service AS pkt_src_aws_service, pkt_dst_aws_service AS pkt_dst_aws_service, CAST(flow_direction AS VARCHAR) AS flow_direction, traffic_path AS traffic_path, ecs_cluster_arn AS ecs_cluster_arn, ecs_cluster_name AS ecs_cluster_name, ecs_container_instance_arn AS ecs_container_instance_arn, ecs_container_instance_id AS ecs_container_instance_id, ecs_container_id AS ecs_container_id, ecs_second_container_id AS ecs_second_container_id, ecs_service_name AS ecs_service_name, ecs_task_definition_arn AS ecs_task_definition_arn, ecs_task_arn AS ecs_task_arn, ecs_task_id AS ecs_task_id, CAST(reject_reason AS VARCHAR) AS reject_reason, resource_id AS resource_id, encryption_status AS encryption_status, instance_tag AS instance_tag, instance_tag_2 AS instance_tag_2, interface_tag AS interface_tag, interface_tag_2 AS interface_tag_2, asg_tag AS asg_tag, asg_tag_2 AS asg_tag_2, CAST(interface_type AS VARCHAR) AS interface_type, CAST(next_hop_interface_type AS VARCHAR) AS next_hop_interface_type, next_hop_interface_id AS next_hop_interface_id, next_hop_subnet_id AS next_hop_subnet_id, next_hop_az_id AS next_hop_az_id, next_hop_vpc_id AS next_hop_vpc_id, extra AS extra, lpad(CAST(path_account_id AS VARCHAR), 12, '0') AS path_account_id, CAST(path_region AS VARCHAR) AS path_region FROM (SELECT *, CAST(NULL AS INTEGER) AS "version", CAST(NULL AS VARCHAR) AS account_id, CAST(NULL AS VARCHAR) AS interface_id, CAST(NULL AS VARCHAR) AS srcaddr, CAST(NULL AS VARCHAR) AS dstaddr, CAST(NULL AS INTEGER) AS srcport, CAST(NULL AS INTEGER) AS dstport, CAST(NULL AS INTEGER) AS protocol, CAST(NULL AS BIGINT) AS packets, CAST(NULL AS BIGINT) AS bytes, CAST(NULL AS TIMESTAMP) AS "start", CAST(NULL AS TIMESTAMP) AS "end", CAST(NULL AS VARCHAR) AS "action", CAST(NULL AS VARCHAR) AS log_status, CAST(NULL AS VARCHAR) AS vpc_id, CAST(NULL AS VARCHAR) AS subnet_id, CAST(NULL AS VARCHAR) AS instance_id, CAST(NULL AS INTEGER) AS tcp_flags, CAST(NULL AS VARCHAR) AS "type", CAST(NULL AS VARCHAR) AS pkt_srcaddr, CAST(NULL AS VARCHAR) AS pkt_dstaddr, CAST(NULL AS VARCHAR) AS region, CAST(NULL AS VARCHAR) AS az_id, CAST(NULL AS VARCHAR) AS sublocation_type, CAST(NULL AS VARCHAR) AS sublocation_id, CAST(NULL AS VARCHAR) AS pkt_src_aws_service, CAST(NULL AS VARCHAR) AS pkt_dst_aws_service, CAST(NULL AS VARCHAR) AS flow_direction, CAST(NULL AS INTEGER) AS traffic_path, CAST(NULL AS VARCHAR) AS ecs_cluster_arn, CAST(NULL AS VARCHAR) AS ecs_cluster_name, CAST(NULL AS VARCHAR) AS ecs_container_instance_arn, CAST(NULL AS VARCHAR) AS ecs_container_instance_id, CAST(NULL AS VARCHAR) AS ecs_container_id, CAST(NULL AS VARCHAR) AS ecs_second_container_id, CAST(NULL AS VARCHAR) AS ecs_service_name, CAST(NULL AS VARCHAR) AS ecs_task_definition_arn, CAST(NULL AS VARCHAR) AS ecs_task_arn, CAST(NULL AS VARCHAR) AS ecs_task_id, CAST(NULL AS VARCHAR) AS reject_reason, CAST(NULL AS VARCHAR) AS resource_id, CAST(NULL AS INTEGER) AS encryption_status, CAST(NULL AS VARCHAR) AS instance_tag, CAST(NULL AS VARCHAR) AS instance_tag_2, CAST(NULL AS VARCHAR) AS interface_tag, CAST(NULL AS VARCHAR) AS interface_tag_2, CAST(NULL AS VARCHAR) AS asg_tag, CAST(NULL AS VARCHAR) AS asg_tag_2, CAST(NULL AS VARCHAR) AS interface_type, CAST(NULL AS VARCHAR) AS next_hop_interface_type, CAST(NULL AS VARCHAR) AS next_hop_interface_id, CAST(NULL AS VARCHAR) AS next_hop_subnet_id, CAST(NULL AS VARCHAR) AS next_hop_az_id, CAST(NULL AS VARCHAR) AS next_hop_vpc_id, CAST(NULL AS MAP(VARCHAR, VARCHAR)) AS extra, CAST(NULL AS BIGINT) AS path_account_id, CAST(NULL AS VARCHAR) AS path_region FROM lake.vpc_flow_logs);

CREATE VIEW lake."web_access_logs rows" AS SELECT _load_id AS _load_id, _file_id AS _file_id, _line AS _line, remote_host AS remote_host, ident AS ident, remote_user AS remote_user, "time" AS "time", request AS request, status AS status, bytes AS bytes, referer AS referer, user_agent AS user_agent, extra AS extra, lpad(CAST(path_account_id AS VARCHAR), 12, '0') AS path_account_id, CAST(path_region AS VARCHAR) AS path_region, CASE  WHEN (((request ~~ '_% _% HTTP/_%') AND (request !~~ '% % % %'))) THEN (split_part(request, ' ', 1)) ELSE NULL END AS "method", CASE  WHEN (((request ~~ '_% _% HTTP/_%') AND (request !~~ '% % % %'))) THEN (split_part(split_part(request, ' ', 2), '?', 1)) ELSE NULL END AS path, CASE  WHEN (((request ~~ '_% _% HTTP/_%') AND (request !~~ '% % % %'))) THEN (split_part(request, ' ', 3)) ELSE NULL END AS protocol FROM (SELECT *, CAST(NULL AS VARCHAR) AS remote_host, CAST(NULL AS VARCHAR) AS ident, CAST(NULL AS VARCHAR) AS remote_user, CAST(NULL AS TIMESTAMP) AS "time", CAST(NULL AS VARCHAR) AS request, CAST(NULL AS INTEGER) AS status, CAST(NULL AS BIGINT) AS bytes, CAST(NULL AS VARCHAR) AS referer, CAST(NULL AS VARCHAR) AS user_agent, CAST(NULL AS MAP(VARCHAR, VARCHAR)) AS extra, CAST(NULL AS BIGINT) AS path_account_id, CAST(NULL AS VARCHAR) AS path_region FROM lake.web_access_logs);

CREATE VIEW logs.load_history AS SELECT table_name, uri AS file, "version", load_id, CAST(status AS VARCHAR) AS status, lines, "rows", rejects, skipped, bytes, loaded_at, "error" FROM lake.objects;

CREATE VIEW logs.load_rejects AS SELECT r.table_name, o.uri AS file, r.line, r.raw, r.reason, r.load_id FROM lake.rejects AS r INNER JOIN lake.objects AS o ON ((o.file_id = r.file_id));

CREATE VIEW logs.parked_objects AS SELECT pipe, uri AS file, "version", bytes, code, reason, body, parked_at FROM lake.parked_objects;

CREATE VIEW logs.partitions AS SELECT table_name, "name" AS "partition", "location", added_at FROM lake.partitions;

CREATE VIEW logs.pipes AS SELECT o."name", o.database_name, o.schema_name, o.definition, p.queue_arn AS notification_channel, o."comment", o.created_at, p.is_paused, p.start_at, p.listed_at, COALESCE(l.files, 0) AS files, COALESCE(l."rows", 0) AS "rows", COALESCE(l.failed, 0) AS failed_files, COALESCE(k.parked, 0) AS parked_objects, l.last_loaded_at FROM lake.pipeline_objects AS o INNER JOIN lake.pipes AS p ON (((p.database_name = o.database_name) AND (p.schema_name = o.schema_name) AND (p."name" = o."name"))) LEFT JOIN (SELECT pipe, count_star() FILTER (WHERE (status IN ('loaded', 'partial', 'empty'))) AS files, CAST(sum("rows") AS BIGINT) AS "rows", count_star() FILTER (WHERE (status = 'failed')) AS failed, max(loaded_at) FILTER (WHERE (status IN ('loaded', 'partial', 'empty'))) AS last_loaded_at FROM lake.objects WHERE (pipe IS NOT NULL) GROUP BY pipe) AS l ON ((l.pipe = ((((o.database_name || '.') || o.schema_name) || '.') || o."name"))) LEFT JOIN (SELECT pipe, count_star() AS parked FROM lake.parked_objects GROUP BY pipe) AS k ON ((k.pipe = ((((o.database_name || '.') || o.schema_name) || '.') || o."name"))) WHERE (o.kind = 'PIPE');

CREATE VIEW logs.s3_access_logs AS SELECT bucketowner AS bucketowner, bucket_name AS bucket_name, requestdatetime AS requestdatetime, remoteip AS remoteip, requester AS requester, requestid AS requestid, operation AS operation, "key" AS "key", COALESCE(object_key, "key") AS object_key, request_uri AS request_uri, httpstatus AS httpstatus, errorcode AS errorcode, bytessent AS bytessent, objectsize AS objectsize, totaltime AS totaltime, turnaroundtime AS turnaroundtime, referrer AS referrer, useragent AS useragent, versionid AS versionid, hostid AS hostid, CAST(sigv AS VARCHAR) AS sigv, ciphersuite AS ciphersuite, CAST(authtype AS VARCHAR) AS authtype, endpoint AS endpoint, CAST(tlsversion AS VARCHAR) AS tlsversion, accesspointarn AS accesspointarn, CAST(aclrequired AS VARCHAR) AS aclrequired, CAST(sourceregion AS VARCHAR) AS sourceregion, extra AS extra, lpad(CAST(path_account_id AS VARCHAR), 12, '0') AS path_account_id, CAST(path_region AS VARCHAR) AS path_region FROM (SELECT *, CAST(NULL AS VARCHAR) AS bucketowner, CAST(NULL AS VARCHAR) AS bucket_name, CAST(NULL AS TIMESTAMP) AS requestdatetime, CAST(NULL AS VARCHAR) AS remoteip, CAST(NULL AS VARCHAR) AS requester, CAST(NULL AS VARCHAR) AS requestid, CAST(NULL AS VARCHAR) AS operation, CAST(NULL AS VARCHAR) AS "key", CAST(NULL AS VARCHAR) AS object_key, CAST(NULL AS VARCHAR) AS request_uri, CAST(NULL AS INTEGER) AS httpstatus, CAST(NULL AS VARCHAR) AS errorcode, CAST(NULL AS BIGINT) AS bytessent, CAST(NULL AS BIGINT) AS objectsize, CAST(NULL AS INTEGER) AS totaltime, CAST(NULL AS INTEGER) AS turnaroundtime, CAST(NULL AS VARCHAR) AS referrer, CAST(NULL AS VARCHAR) AS useragent, CAST(NULL AS VARCHAR) AS versionid, CAST(NULL AS VARCHAR) AS hostid, CAST(NULL AS VARCHAR) AS sigv, CAST(NULL AS VARCHAR) AS ciphersuite, CAST(NULL AS VARCHAR) AS authtype, CAST(NULL AS VARCHAR) AS endpoint, CAST(NULL AS VARCHAR) AS tlsversion, CAST(NULL AS VARCHAR) AS accesspointarn, CAST(NULL AS VARCHAR) AS aclrequired, CAST(NULL AS VARCHAR) AS sourceregion, CAST(NULL AS MAP(VARCHAR, VARCHAR)) AS extra, CAST(NULL AS BIGINT) AS path_account_id, CAST(NULL AS VARCHAR) AS path_region FROM lake.s3_access_logs);

CREATE VIEW logs.streams AS SELECT s."name", s.database_name, s.schema_name, s.table_name, CASE  WHEN (s.is_append_only) THEN ('APPEND_ONLY') ELSE 'DEFAULT' END AS "mode", (s.stale_reason IS NOT NULL) AS stale, s.stale_reason, ((s.stale_reason IS NULL) AND ((s.initial_to IS NOT NULL) OR COALESCE(((c.inserted_by > s."position") OR ((c.changed_by > s."position") AND (NOT s.is_append_only))), CAST('f' AS BOOLEAN)))) AS has_data, s."position" AS read_to_load_id, o."comment", o.created_at FROM lake.streams AS s INNER JOIN lake.pipeline_objects AS o ON (((o.kind = 'STREAM') AND (o.database_name = s.database_name) AND (o.schema_name = s.schema_name) AND (o."name" = s."name"))) LEFT JOIN lake.table_changes AS c ON ((c.table_name = s.table_name));

CREATE VIEW logs.task_history AS SELECT query_id, "name", database_name, schema_name, query_text, condition_text, state, error_code, error_message, scheduled_at AS scheduled_time, started_at AS query_start_time, CAST(NULL AS TIMESTAMP) AS next_scheduled_time, completed_at AS completed_time, root_task_id, CAST(NULL AS BIGINT) AS graph_version, run_id, CAST(NULL AS VARCHAR) AS return_value, scheduled_from, attempt_number, config, CAST(NULL AS VARCHAR) AS query_hash, CAST(NULL AS BIGINT) AS query_hash_version, CAST(NULL AS VARCHAR) AS query_parameterized_hash, CAST(NULL AS BIGINT) AS query_parameterized_hash_version, graph_run_group_id, CAST(NULL AS VARCHAR) AS backfill_info, CAST(NULL AS VARCHAR) AS spcs_job_id, rows_inserted, rows_updated, rows_deleted, notices, skipped_runs FROM lake.task_runs;

CREATE VIEW logs.tasks AS SELECT o."name", o.database_name, o.schema_name, t.task_id AS id, CASE  WHEN (t.is_resumed) THEN ('started') ELSE 'suspended' END AS state, o.definition, o."comment", o.created_at, t.resumed_at AS last_committed_on, t.suspended_at AS last_suspended_on, t.suspended_reason AS last_suspended_reason, t.failures AS consecutive_failures, t.runs, t.failed_runs, COALESCE(t.inputs_without_rows, 0) AS inputs_without_rows, COALESCE(r.skipped_runs, 0) AS skipped_runs, r.last_skipped_at, r.last_run.state AS last_state, r.last_run.started_at AS last_started_at, r.last_run.completed_at AS last_completed_at, r.last_run.error_message AS last_error, t.succeeded_at AS last_success_at FROM lake.pipeline_objects AS o INNER JOIN lake.tasks AS t ON (((t.database_name = o.database_name) AND (t.schema_name = o.schema_name) AND (t."name" = o."name"))) LEFT JOIN (SELECT task, CAST(sum(skipped_runs) AS BIGINT) AS skipped_runs, max(completed_at) FILTER (WHERE (state = 'SKIPPED')) AS last_skipped_at, arg_max(main.struct_pack(state := state, started_at := started_at, completed_at := completed_at, error_message := error_message), started_at) FILTER (WHERE (state != 'SKIPPED')) AS last_run FROM lake.task_runs GROUP BY task) AS r ON ((r.task = ((((o.database_name || '.') || o.schema_name) || '.') || o."name"))) WHERE (o.kind = 'TASK');

CREATE VIEW logs.tgw_flow_logs AS SELECT "version" AS "version", CAST(resource_type AS VARCHAR) AS resource_type, account_id AS account_id, tgw_id AS tgw_id, tgw_attachment_id AS tgw_attachment_id, tgw_src_vpc_account_id AS tgw_src_vpc_account_id, tgw_dst_vpc_account_id AS tgw_dst_vpc_account_id, tgw_src_vpc_id AS tgw_src_vpc_id, tgw_dst_vpc_id AS tgw_dst_vpc_id, tgw_src_subnet_id AS tgw_src_subnet_id, tgw_dst_subnet_id AS tgw_dst_subnet_id, tgw_src_eni AS tgw_src_eni, tgw_dst_eni AS tgw_dst_eni, tgw_src_az_id AS tgw_src_az_id, tgw_dst_az_id AS tgw_dst_az_id, tgw_pair_attachment_id AS tgw_pair_attachment_id, srcaddr AS srcaddr, dstaddr AS dstaddr, srcport AS srcport, dstport AS dstport, protocol AS protocol, packets AS packets, bytes AS bytes, "start" AS "start", "end" AS "end", CAST(log_status AS VARCHAR) AS log_status, CAST("type" AS VARCHAR) AS "type", packets_lost_no_route AS packets_lost_no_route, packets_lost_blackhole AS packets_lost_blackhole, packets_lost_mtu_exceeded AS packets_lost_mtu_exceeded, packets_lost_ttl_expired AS packets_lost_ttl_expired, tcp_flags AS tcp_flags, CAST(region AS VARCHAR) AS region, CAST(flow_direction AS VARCHAR) AS flow_direction, pkt_src_aws_service AS pkt_src_aws_service, pkt_dst_aws_service AS pkt_dst_aws_service, extra AS extra, lpad(CAST(path_account_id AS VARCHAR), 12, '0') AS path_account_id, CAST(path_region AS VARCHAR) AS path_region FROM (SELECT *, CAST(NULL AS INTEGER) AS "version", CAST(NULL AS VARCHAR) AS resource_type, CAST(NULL AS VARCHAR) AS account_id, CAST(NULL AS VARCHAR) AS tgw_id, CAST(NULL AS VARCHAR) AS tgw_attachment_id, CAST(NULL AS VARCHAR) AS tgw_src_vpc_account_id, CAST(NULL AS VARCHAR) AS tgw_dst_vpc_account_id, CAST(NULL AS VARCHAR) AS tgw_src_vpc_id, CAST(NULL AS VARCHAR) AS tgw_dst_vpc_id, CAST(NULL AS VARCHAR) AS tgw_src_subnet_id, CAST(NULL AS VARCHAR) AS tgw_dst_subnet_id, CAST(NULL AS VARCHAR) AS tgw_src_eni, CAST(NULL AS VARCHAR) AS tgw_dst_eni, CAST(NULL AS VARCHAR) AS tgw_src_az_id, CAST(NULL AS VARCHAR) AS tgw_dst_az_id, CAST(NULL AS VARCHAR) AS tgw_pair_attachment_id, CAST(NULL AS VARCHAR) AS srcaddr, CAST(NULL AS VARCHAR) AS dstaddr, CAST(NULL AS INTEGER) AS srcport, CAST(NULL AS INTEGER) AS dstport, CAST(NULL AS INTEGER) AS protocol, CAST(NULL AS BIGINT) AS packets, CAST(NULL AS BIGINT) AS bytes, CAST(NULL AS TIMESTAMP) AS "start", CAST(NULL AS TIMESTAMP) AS "end", CAST(NULL AS VARCHAR) AS log_status, CAST(NULL AS VARCHAR) AS "type", CAST(NULL AS BIGINT) AS packets_lost_no_route, CAST(NULL AS BIGINT) AS packets_lost_blackhole, CAST(NULL AS BIGINT) AS packets_lost_mtu_exceeded, CAST(NULL AS BIGINT) AS packets_lost_ttl_expired, CAST(NULL AS INTEGER) AS tcp_flags, CAST(NULL AS VARCHAR) AS region, CAST(NULL AS VARCHAR) AS flow_direction, CAST(NULL AS VARCHAR) AS pkt_src_aws_service, CAST(NULL AS VARCHAR) AS pkt_dst_aws_service, CAST(NULL AS MAP(VARCHAR, VARCHAR)) AS extra, CAST(NULL AS BIGINT) AS path_account_id, CAST(NULL AS VARCHAR) AS path_region FROM lake.tgw_flow_logs);

CREATE VIEW logs.vpc_flow_logs AS SELECT "version" AS "version", account_id AS account_id, interface_id AS interface_id, srcaddr AS srcaddr, dstaddr AS dstaddr, srcport AS srcport, dstport AS dstport, protocol AS protocol, packets AS packets, bytes AS bytes, "start" AS "start", "end" AS "end", CAST("action" AS VARCHAR) AS "action", CAST(log_status AS VARCHAR) AS log_status, vpc_id AS vpc_id, subnet_id AS subnet_id, instance_id AS instance_id, tcp_flags AS tcp_flags, CAST("type" AS VARCHAR) AS "type", pkt_srcaddr AS pkt_srcaddr, pkt_dstaddr AS pkt_dstaddr, CAST(region AS VARCHAR) AS region, az_id AS az_id, CAST(sublocation_type AS VARCHAR) AS sublocation_type, sublocation_id AS sublocation_id, pkt_src_aws_service AS pkt_src_aws_service, pkt_dst_aws_service AS pkt_dst_aws_service, CAST(flow_direction AS VARCHAR) AS flow_direction, traffic_path AS traffic_path, ecs_cluster_arn AS ecs_cluster_arn, ecs_cluster_name AS ecs_cluster_name, ecs_container_instance_arn AS ecs_container_instance_arn, ecs_container_instance_id AS ecs_container_instance_id, ecs_container_id AS ecs_container_id, ecs_second_container_id AS ecs_second_container_id, ecs_service_name AS ecs_service_name, ecs_task_definition_arn AS ecs_task_definition_arn, ecs_task_arn AS ecs_task_arn, ecs_task_id AS ecs_task_id, CAST(reject_reason AS VARCHAR) AS reject_reason, resource_id AS resource_id, encryption_status AS encryption_status, instance_tag AS instance_tag, instance_tag_2 AS instance_tag_2, interface_tag AS interface_tag, interface_tag_2 AS interface_tag_2, asg_tag AS asg_tag, asg_tag_2 AS asg_tag_2, CAST(interface_type AS VARCHAR) AS interface_type, CAST(next_hop_interface_type AS VARCHAR) AS next_hop_interface_type, next_hop_interface_id AS next_hop_interface_id, next_hop_subnet_id AS next_hop_subnet_id, next_hop_az_id AS next_hop_az_id, next_hop_vpc_id AS next_hop_vpc_id, extra AS extra, lpad(CAST(path_account_id AS VARCHAR), 12, '0') AS path_account_id, CAST(path_region AS VARCHAR) AS path_region FROM (SELECT *, CAST(NULL AS INTEGER) AS "version", CAST(NULL AS VARCHAR) AS account_id, CAST(NULL AS VARCHAR) AS interface_id, CAST(NULL AS VARCHAR) AS srcaddr, CAST(NULL AS VARCHAR) AS dstaddr, CAST(NULL AS INTEGER) AS srcport, CAST(NULL AS INTEGER) AS dstport, CAST(NULL AS INTEGER) AS protocol, CAST(NULL AS BIGINT) AS packets, CAST(NULL AS BIGINT) AS bytes, CAST(NULL AS TIMESTAMP) AS "start", CAST(NULL AS TIMESTAMP) AS "end", CAST(NULL AS VARCHAR) AS "action", CAST(NULL AS VARCHAR) AS log_status, CAST(NULL AS VARCHAR) AS vpc_id, CAST(NULL AS VARCHAR) AS subnet_id, CAST(NULL AS VARCHAR) AS instance_id, CAST(NULL AS INTEGER) AS tcp_flags, CAST(NULL AS VARCHAR) AS "type", CAST(NULL AS VARCHAR) AS pkt_srcaddr, CAST(NULL AS VARCHAR) AS pkt_dstaddr, CAST(NULL AS VARCHAR) AS region, CAST(NULL AS VARCHAR) AS az_id, CAST(NULL AS VARCHAR) AS sublocation_type, CAST(NULL AS VARCHAR) AS sublocation_id, CAST(NULL AS VARCHAR) AS pkt_src_aws_service, CAST(NULL AS VARCHAR) AS pkt_dst_aws_service, CAST(NULL AS VARCHAR) AS flow_direction, CAST(NULL AS INTEGER) AS traffic_path, CAST(NULL AS VARCHAR) AS ecs_cluster_arn, CAST(NULL AS VARCHAR) AS ecs_cluster_name, CAST(NULL AS VARCHAR) AS ecs_container_instance_arn, CAST(NULL AS VARCHAR) AS ecs_container_instance_id, CAST(NULL AS VARCHAR) AS ecs_container_id, CAST(NULL AS VARCHAR) AS ecs_second_container_id, CAST(NULL AS VARCHAR) AS ecs_service_name, CAST(NULL AS VARCHAR) AS ecs_task_definition_arn, CAST(NULL AS VARCHAR) AS ecs_task_arn, CAST(NULL AS VARCHAR) AS ecs_task_id, CAST(NULL AS VARCHAR) AS reject_reason, CAST(NULL AS VARCHAR) AS resource_id, CAST(NULL AS INTEGER) AS encryption_status, CAST(NULL AS VARCHAR) AS instance_tag, CAST(NULL AS VARCHAR) AS instance_tag_2, CAST(NULL AS VARCHAR) AS interface_tag, CAST(NULL AS VARCHAR) AS interface_tag_2, CAST(NULL AS VARCHAR) AS asg_tag, CAST(NULL AS VARCHAR) AS asg_tag_2, CAST(NULL AS VARCHAR) AS interface_type, CAST(NULL AS VARCHAR) AS next_hop_interface_type, CAST(NULL AS VARCHAR) AS next_hop_interface_id, CAST(NULL AS VARCHAR) AS next_hop_subnet_id, CAST(NULL AS VARCHAR) AS next_hop_az_id, CAST(NULL AS VARCHAR) AS next_hop_vpc_id, CAST(NULL AS MAP(VARCHAR, VARCHAR)) AS extra, CAST(NULL AS BIGINT) AS path_account_id, CAST(NULL AS VARCHAR) AS path_region FROM lake.vpc_flow_logs);

CREATE VIEW logs.vpc_flow_view AS SELECT account_id, "action", bytes, dstaddr, dstport, "end" AS "END", interface_id, log_status, packets, protocol, srcaddr, srcport, "start" AS "START", "version" FROM logs.vpc_flow_logs;

CREATE VIEW logs.vpc_flows AS SELECT "hour", srcaddr, dstaddr, srcport, dstport, protocol, "action", max(bytes) AS bytes, max(packets) AS packets, count_star() AS interfaces FROM (SELECT date_trunc('hour', "start") AS "hour", interface_id, srcaddr, dstaddr, srcport, dstport, protocol, "action", sum(bytes) AS bytes, sum(packets) AS packets FROM (SELECT DISTINCT interface_id, srcaddr, dstaddr, srcport, dstport, protocol, "action", "start", "end", bytes, packets FROM logs.vpc_flow_logs WHERE (srcaddr IS NOT NULL)) AS records GROUP BY date_trunc('hour', "start"), interface_id, srcaddr, dstaddr, srcport, dstport, protocol, "action") AS at_interfaces GROUP BY "hour", srcaddr, dstaddr, srcport, dstport, protocol, "action";

CREATE VIEW logs.web_access_logs AS SELECT remote_host AS remote_host, ident AS ident, remote_user AS remote_user, "time" AS "time", request AS request, status AS status, bytes AS bytes, referer AS referer, user_agent AS user_agent, extra AS extra, lpad(CAST(path_account_id AS VARCHAR), 12, '0') AS path_account_id, CAST(path_region AS VARCHAR) AS path_region, CASE  WHEN (((request ~~ '_% _% HTTP/_%') AND (request !~~ '% % % %'))) THEN (split_part(request, ' ', 1)) ELSE NULL END AS "method", CASE  WHEN (((request ~~ '_% _% HTTP/_%') AND (request !~~ '% % % %'))) THEN (split_part(split_part(request, ' ', 2), '?', 1)) ELSE NULL END AS path, CASE  WHEN (((request ~~ '_% _% HTTP/_%') AND (request !~~ '% % % %'))) THEN (split_part(request, ' ', 3)) ELSE NULL END AS protocol FROM (SELECT *, CAST(NULL AS VARCHAR) AS remote_host, CAST(NULL AS VARCHAR) AS ident, CAST(NULL AS VARCHAR) AS remote_user, CAST(NULL AS TIMESTAMP) AS "time", CAST(NULL AS VARCHAR) AS request, CAST(NULL AS INTEGER) AS status, CAST(NULL AS BIGINT) AS bytes, CAST(NULL AS VARCHAR) AS referer, CAST(NULL AS VARCHAR) AS user_agent, CAST(NULL AS MAP(VARCHAR, VARCHAR)) AS extra, CAST(NULL AS BIGINT) AS path_account_id, CAST(NULL AS VARCHAR) AS path_region FROM lake.web_access_logs);

-- function logs.address_family(addr)

-- function logs.address_number(addr)

-- function logs.canonical_address(addr)

-- function logs.cidr_family(cidr)

-- function logs.cidr_first(cidr)

-- function logs.cidr_free_bits(cidr)

-- function logs.cidr_last(cidr)

-- function logs.copy_history(table_name, start_time, end_time, pipe_name)

-- function logs.flow_direction_of(srcaddr, dstaddr, srcport, dstport, tcp_flags, pkt_srcaddr, pkt_dstaddr, flow_direction)

-- function logs.in_cidr(addr, cidr)

-- function logs.ipv4_bits(addr)

-- function logs.ipv4_in_cidr(addr, cidr)

-- function logs.ipv6_bits(addr)

-- function logs.ipv6_groups(addr)

-- function logs.is_cidr(cidr)

-- function logs.is_internal(addr)

-- function logs.is_ipv4(addr)

-- function logs.is_ipv4_mapped(addr)

-- function logs.is_ipv6(addr)

-- function logs.is_named(full_name, given)

-- function logs.is_service_port(port)

-- function logs.is_to_service(srcport, dstport, tcp_flags)

-- function logs.parse_ip_family(address, permissive)

-- function logs.parse_ip_hex_ipv6(address, permissive)

-- function logs.parse_ip_hex_ipv6_range_end(address, permissive)

-- function logs.parse_ip_hex_ipv6_range_start(address, permissive)

-- function logs.parse_ip_host(address, permissive)

-- function logs.parse_ip_ip_type(address, permissive)

-- function logs.parse_ip_ipv4(address, permissive)

-- function logs.parse_ip_ipv4_range_end(address, permissive)

-- function logs.parse_ip_ipv4_range_start(address, permissive)

-- function logs.parse_ip_netmask_prefix_length(address, permissive)

-- function logs.parse_ip_takes(address, permissive)

-- function logs.pipe_usage_history(date_range_start, date_range_end, pipe_name)

-- function logs.protocol_name(protocol)

-- function logs.service_port(srcport, dstport, tcp_flags)

-- function logs.shorten_zeros(groups, zeros)

-- function logs.snowflake_as_boolean(value, path)

-- function logs.snowflake_as_number(value, path)

-- function logs.snowflake_as_text(value, path)

-- function logs.snowflake_boolean(value)

-- function logs.snowflake_boolean_of(text)

-- function logs.snowflake_clash(value, path)

-- function logs.snowflake_date(value)

-- function logs.snowflake_digits(text)

-- function logs.snowflake_element(value, path)

-- function logs.snowflake_field(object, key)

-- function logs.snowflake_filtered(text)

-- function logs.snowflake_float(value)

-- function logs.snowflake_float_text(value)

-- function logs.snowflake_integer(value)

-- function logs.snowflake_json_boolean(value)

-- function logs.snowflake_json_digits(value)

-- function logs.snowflake_json_moment(value)

-- function logs.snowflake_json_number(text)

-- function logs.snowflake_json_text(value)

-- function logs.snowflake_listed(value)

-- function logs.snowflake_listed_text(value)

-- function logs.snowflake_moment(number)

-- function logs.snowflake_moment_of(text)

-- function logs.snowflake_number(value)

-- function logs.snowflake_once_boolean(value)

-- function logs.snowflake_once_boolean_of(value)

-- function logs.snowflake_once_date(value)

-- function logs.snowflake_once_digits(value)

-- function logs.snowflake_once_float(value)

-- function logs.snowflake_once_integer(value)

-- function logs.snowflake_once_json_boolean(value)

-- function logs.snowflake_once_json_digits(value)

-- function logs.snowflake_once_json_moment(value)

-- function logs.snowflake_once_json_text(value)

-- function logs.snowflake_once_moment(value)

-- function logs.snowflake_once_moment_of(value)

-- function logs.snowflake_once_number(value)

-- function logs.snowflake_once_text_within(value, most)

-- function logs.snowflake_once_timestamp(value)

-- function logs.snowflake_once_varchar(value)

-- function logs.snowflake_refuses(sentence)

-- function logs.snowflake_seconds(number)

-- function logs.snowflake_text_within(text, most)

-- function logs.snowflake_timestamp(value)

-- function logs.snowflake_timestamp_scaled(number, scale)

-- function logs.snowflake_timestamp_text(value)

-- function logs.snowflake_varchar(value)

-- function logs.snowflake_variant(value)

-- function logs.snowflake_variant_order(value)

-- function logs.snowflake_whole(number)

-- function logs.stream_has_data(stream)

-- function logs.task_history(scheduled_time_range_start, scheduled_time_range_end, result_limit, task_name, error_only)

-- function logs.tcp_flag_names(tcp_flags)

-- function logs.trino_date_of(words, format)

-- function logs.trino_date_text(moment, format)

-- function logs.trino_part(words, separator, place)

-- function logs.trino_quotient(dividend, divisor)

-- function logs.trino_units_between(unit, earlier, later)

-- function logs.unit_named(unit)

-- function logs.units_between(unit, earlier, later)

-- function logs.units_later(unit, amount, moment)

