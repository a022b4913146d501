-- The keyword of an IP protocol number (IANA "Protocol Numbers"): TCP for 6; a number without a name here as text. NULL for NULL.
-- The commonest come first, since a CASE is tried in order.
create or replace macro logs.protocol_name(protocol) as
  case protocol
    when 6 then 'TCP'
    when 17 then 'UDP'
    when 1 then 'ICMP'
    when 58 then 'IPv6-ICMP'
    when 0 then 'HOPOPT'
    when 2 then 'IGMP'
    when 4 then 'IPv4'
    when 8 then 'EGP'
    when 27 then 'RDP'
    when 33 then 'DCCP'
    when 41 then 'IPv6'
    when 43 then 'IPv6-Route'
    when 44 then 'IPv6-Frag'
    when 46 then 'RSVP'
    when 47 then 'GRE'
    when 50 then 'ESP'
    when 51 then 'AH'
    when 59 then 'IPv6-NoNxt'
    when 60 then 'IPv6-Opts'
    when 88 then 'EIGRP'
    when 89 then 'OSPFIGP'
    when 103 then 'PIM'
    when 112 then 'VRRP'
    when 115 then 'L2TP'
    when 132 then 'SCTP'
    when 136 then 'UDPLite'
    when 253 then 'experimentation'
    when 254 then 'experimentation'
    when 255 then 'Reserved'
    else protocol::varchar
  end;

-- The names of the set bits of tcp-flags (RFC 9293 section 3.1), lowest first: 'SYN,ACK' for 18, '' for 0. NULL for NULL; no names above 128.
-- A VPC record ORs the flags of its window and knows FIN, SYN, RST and SYN-ACK only, so '' also stands for plain ACKs.
create or replace macro logs.tcp_flag_names(tcp_flags) as
  case
    when tcp_flags is not null then
      concat_ws(
        ',',
        case when (tcp_flags & 1) > 0 then 'FIN' end,
        case when (tcp_flags & 2) > 0 then 'SYN' end,
        case when (tcp_flags & 4) > 0 then 'RST' end,
        case when (tcp_flags & 8) > 0 then 'PSH' end,
        case when (tcp_flags & 16) > 0 then 'ACK' end,
        case when (tcp_flags & 32) > 0 then 'URG' end,
        case when (tcp_flags & 64) > 0 then 'ECE' end,
        case when (tcp_flags & 128) > 0 then 'CWR' end
      )
  end;
