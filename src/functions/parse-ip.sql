-- The keys of Snowflake's PARSE_IP(address, 'INET', permissive), for an address or a block as text. NULL where a key has no value, and for NULL.
-- Text that is neither is an error, or NULL where permissive is 1.

-- True for an address or a block; NULL or an error for anything else.
create or replace macro logs.parse_ip_takes(address, permissive) as
  case
    when logs.is_cidr(address) then true
    when permissive = 0 and address is not null then
      logs.snowflake_refuses('PARSE_IP cannot read ''' || address || ''' as an address')
  end;

create or replace macro logs.parse_ip_family(address, permissive) as
  case when logs.parse_ip_takes(address, permissive) then case when contains(address, ':') then 6 else 4 end end::bigint;

create or replace macro logs.parse_ip_host(address, permissive) as
  case when logs.parse_ip_takes(address, permissive) then string_split(address, '/')[1] end;

create or replace macro logs.parse_ip_ip_type(address, permissive) as
  case when logs.parse_ip_takes(address, permissive) then 'inet' end;

create or replace macro logs.parse_ip_netmask_prefix_length(address, permissive) as
  case when logs.parse_ip_takes(address, permissive) then string_split(address, '/')[2]::bigint end;

-- Plain addresses, which nearly all are, are told by one regular expression.
create or replace macro logs.parse_ip_ipv4(address, permissive) as
  case
    when logs.is_ipv4(address) then logs.ipv4_bits(address)::bigint
    when logs.parse_ip_takes(address, permissive) and not contains(address, ':') then
      logs.ipv4_bits(string_split(address, '/')[1])::bigint
  end;

create or replace macro logs.parse_ip_ipv4_range_start(address, permissive) as
  case
    when logs.parse_ip_takes(address, permissive) and not contains(address, ':') and contains(address, '/') then
      (logs.cidr_first(address) - 281470681743360)::bigint
  end;

create or replace macro logs.parse_ip_ipv4_range_end(address, permissive) as
  case
    when logs.parse_ip_takes(address, permissive) and not contains(address, ':') and contains(address, '/') then
      (logs.cidr_last(address) - 281470681743360)::bigint
  end;

create or replace macro logs.parse_ip_hex_ipv6(address, permissive) as
  case
    when logs.parse_ip_takes(address, permissive) and contains(address, ':') then
      lpad(hex(logs.ipv6_bits(string_split(address, '/')[1])), 32, '0')
  end;

create or replace macro logs.parse_ip_hex_ipv6_range_start(address, permissive) as
  case
    when logs.parse_ip_takes(address, permissive) and contains(address, ':') and contains(address, '/') then
      lpad(hex(logs.cidr_first(address)), 32, '0')
  end;

create or replace macro logs.parse_ip_hex_ipv6_range_end(address, permissive) as
  case
    when logs.parse_ip_takes(address, permissive) and contains(address, ':') and contains(address, '/') then
      lpad(hex(logs.cidr_last(address)), 32, '0')
  end;
