-- Whether a port by itself says "service": 1 to 1023, or a port that Security Hub EC2.19 or common practice lists as one to guard.
-- NULL for NULL. 50070 (HDFS) is left out: it lies in the ephemeral range of Linux.
create or replace macro logs.is_service_port(port) as
  port between 1 and 1023
  or port in (
    1433, 1434, 1521, 2049, 2375, 2376, 2379, 2380, 3000, 3306, 3389, 4333, 5000, 5432, 5439, 5500, 5601, 5672, 5900, 5901, 5902, 5903,
    5985, 5986, 6379, 6443, 7001, 8080, 8088, 8443, 8888, 9042, 9090, 9092, 9200, 9300, 10250, 11211, 15672, 27017, 27018, 27019
  );

-- Whether packets go to the service (true) or come from it (false): who sends SYN without ACK is the client, SYN with ACK the server; else the
-- lower port is the service's if is_service_port and the other is 1024 or above. NULL when neither decides. (VPC Flow Logs, "tcp-flags".)
create or replace macro logs.is_to_service(srcport, dstport, tcp_flags := null) as
  case
    when (tcp_flags & 18) = 2 then true
    when (tcp_flags & 18) = 18 then false
    when dstport < srcport and srcport >= 1024 and logs.is_service_port(dstport) then true
    when srcport < dstport and dstport >= 1024 and logs.is_service_port(srcport) then false
  end;

-- The port of the service, whichever way the packets go: dstport or srcport as is_to_service decides, and either when they are the same.
-- NULL when nothing decides, and for protocols without ports, which are logged with port 0.
-- Written out instead of by is_to_service: a CASE tries each branch for what the ones before left over, which takes a third of the time.
create or replace macro logs.service_port(srcport, dstport, tcp_flags := null) as
  case
    when srcport = dstport then nullif(srcport, 0)
    when (tcp_flags & 18) = 2 then dstport
    when (tcp_flags & 18) = 18 then srcport
    when dstport < srcport and srcport >= 1024 and logs.is_service_port(dstport) then dstport
    when srcport < dstport and dstport >= 1024 and logs.is_service_port(srcport) then srcport
  end;

-- The recorded flow_direction; else, given pkt_ addresses, the IPv4 side that differs from its packets is the interface; else is_internal: in to out
-- is 'egress', out to in 'ingress'; else, given ports or flags, to the service is 'ingress', whichever end the interface is; else NULL.
create or replace macro logs.flow_direction_of(
  srcaddr,
  dstaddr,
  srcport := null,
  dstport := null,
  tcp_flags := null,
  pkt_srcaddr := null,
  pkt_dstaddr := null,
  flow_direction := null
) as
  case
    when flow_direction in ('ingress', 'egress') then flow_direction
    when dstaddr <> pkt_dstaddr and srcaddr = pkt_srcaddr and not contains(dstaddr, ':') then 'ingress'
    when srcaddr <> pkt_srcaddr and dstaddr = pkt_dstaddr and not contains(srcaddr, ':') then 'egress'
    else
      coalesce(
        ['ingress', null, 'egress'][2 + logs.is_internal(srcaddr)::integer - logs.is_internal(dstaddr)::integer],
        case
          when logs.is_to_service(srcport, dstport, tcp_flags) then 'ingress'
          when not logs.is_to_service(srcport, dstport, tcp_flags) then 'egress'
        end
      )
  end;
