-- True for IPv4 text as inet_pton reads it: four decimal octets, no leading zeros, nothing around them. NULL for NULL.
-- One regular expression is the cheapest whole check that DuckDB has: 0.4 s for 5 M rows, where splitting and casting takes 0.8 to 1.7 s.
create or replace macro logs.is_ipv4(addr) as
  regexp_full_match(
    addr,
    '((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])'
  );

-- True for IPv6 text in any form of RFC 4291 section 2.2: full, compressed, upper case, dotted tail; no zone id. NULL for NULL.
-- A dotted tail is checked as the two groups it stands for; the alternatives are the places that `::`, at least one group, can take.
create or replace macro logs.is_ipv6(addr) as
  regexp_full_match(
    case
      when contains(addr, '.') then
        regexp_replace(
          addr,
          ':((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])$',
          ':0:0'
        )
      else addr
    end,
    '([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}'
    || '|([0-9a-fA-F]{1,4}:){1,7}:'
    || '|([0-9a-fA-F]{1,4}:){1,6}:[0-9a-fA-F]{1,4}'
    || '|([0-9a-fA-F]{1,4}:){1,5}(:[0-9a-fA-F]{1,4}){1,2}'
    || '|([0-9a-fA-F]{1,4}:){1,4}(:[0-9a-fA-F]{1,4}){1,3}'
    || '|([0-9a-fA-F]{1,4}:){1,3}(:[0-9a-fA-F]{1,4}){1,4}'
    || '|([0-9a-fA-F]{1,4}:){1,2}(:[0-9a-fA-F]{1,4}){1,5}'
    || '|[0-9a-fA-F]{1,4}:(:[0-9a-fA-F]{1,4}){1,6}'
    || '|:(:[0-9a-fA-F]{1,4}){1,7}'
    || '|::'
  );

-- The 32-bit number of text that is_ipv4 accepts; other text gives NULL or a number without meaning.
-- The product of doubles is exact (below 2^53) and reads the text once.
create or replace macro logs.ipv4_bits(addr) as
  cast(
    array_inner_product(
      try_cast(string_split(addr, '.') as double[4]),
      [16777216, 65536, 256, 1]::double[4]
    ) as uhugeint
  );

-- The 128-bit number of text that is_ipv6 accepts and that has no dotted tail; other text gives NULL or a number without meaning.
-- `::` becomes as many zero groups as are missing, then every group is cast as 0x0…, so that an empty one at either end counts as zero.
create or replace macro logs.ipv6_group_bits(addr) as
  list_reduce(
    try_cast(
      string_split(
        '0x0' || replace(
          replace(addr, '::', ':' || repeat('0:', 8 - (strlen(addr) - strlen(replace(addr, ':', ''))))),
          ':',
          ':0x0'
        ),
        ':'
      ) as usmallint[]
    )::uhugeint[],
    lambda bits, bits_of_group: bits * 65536 + bits_of_group
  );

-- The 128-bit number of text that is_ipv6 accepts; other text gives NULL or a number without meaning.
create or replace macro logs.ipv6_bits(addr) as
  case
    when contains(addr, '.') then
      logs.ipv6_group_bits(regexp_replace(addr, '[0-9.]+$', '0:0')) + logs.ipv4_bits(regexp_extract(addr, '[0-9.]+$'))
    else logs.ipv6_group_bits(addr)
  end;

-- The address as a 128-bit number, for sorting and ranges; IPv4 as its IPv4-mapped IPv6 address (RFC 4291 section 2.5.5.2),
-- so that 10.0.0.1 and ::ffff:10.0.0.1 are one number. NULL for NULL and for text that is no address.
create or replace macro logs.address_number(addr) as
  case
    when logs.is_ipv4(addr) then 281470681743360::uhugeint + logs.ipv4_bits(addr)
    when logs.is_ipv6(addr) then logs.ipv6_bits(addr)
  end;

-- The address before the slash of a CIDR block; the whole text when there is none. NULL for NULL.
create or replace macro logs.cidr_address(cidr) as
  string_split(cidr, '/')[1];

-- The prefix length of text that is_cidr accepts: a bare address is a host, /32 or /128. Other text gives NULL or a number without meaning.
create or replace macro logs.cidr_length(cidr) as
  coalesce(
    try_cast(string_split(cidr, '/')[2] as integer),
    case when contains(cidr, ':') then 128 else 32 end
  );

-- True for a CIDR block (RFC 4632 section 3.1, RFC 4291 section 2.3) or a bare address, which is a host. Host bits may be set. NULL for NULL.
create or replace macro logs.is_cidr(cidr) as
  case
    when contains(cidr, ':')
      then regexp_matches(cidr, '^[^/]*(/(12[0-8]|1[01][0-9]|[1-9]?[0-9]))?$') and logs.is_ipv6(logs.cidr_address(cidr))
    else regexp_matches(cidr, '^[^/]*(/(3[0-2]|[12]?[0-9]))?$') and logs.is_ipv4(logs.cidr_address(cidr))
  end;

-- How many low bits of address_number a block leaves free, for text that is_cidr accepts: 24 for 10.0.0.0/8, 64 for 2001:db8::/64.
create or replace macro logs.cidr_free_bits(cidr) as
  (case when contains(cidr, ':') then 128 else 32 end - logs.cidr_length(cidr))::uhugeint;

-- The lowest address of a CIDR block as address_number gives it; host bits that are set are cleared. NULL for NULL and for text that is
-- no block. With cidr_last it makes a range to join on: `address_number(srcaddr) between cidr_first(cidr) and cidr_last(cidr)`.
create or replace macro logs.cidr_first(cidr) as
  case
    when logs.is_cidr(cidr) then
      logs.address_number(logs.cidr_address(cidr))
      & ~(340282366920938463463374607431768211455::uhugeint >> (128::uhugeint - logs.cidr_free_bits(cidr)))
  end;

-- The highest address of a CIDR block as address_number gives it. NULL for NULL and for text that is no block.
create or replace macro logs.cidr_last(cidr) as
  case
    when logs.is_cidr(cidr) then
      logs.address_number(logs.cidr_address(cidr))
      | (340282366920938463463374607431768211455::uhugeint >> (128::uhugeint - logs.cidr_free_bits(cidr)))
  end;

-- One octet, counted from 1 at the left, of text that is_ipv4 accepts.
create or replace macro logs.ipv4_octet(addr, place) as
  string_split(addr, '.')[place]::integer;

-- in_cidr for text that is_ipv4 accepts and an IPv4 block that is_cidr accepts: the whole octets of the prefix as text, then the octet it ends in.
create or replace macro logs.ipv4_in_cidr(addr, cidr) as
  case
    when logs.cidr_length(cidr) = 32 then addr = logs.cidr_address(cidr)
    when logs.cidr_length(cidr) >= 8
      and not starts_with(addr, array_to_string(string_split(cidr, '.')[1:logs.cidr_length(cidr) // 8], '.') || '.') then false
    when logs.cidr_length(cidr) % 8 = 0 then true
    else
      logs.ipv4_octet(addr, logs.cidr_length(cidr) // 8 + 1) >> (8 - logs.cidr_length(cidr) % 8)
      = logs.ipv4_octet(logs.cidr_address(cidr), logs.cidr_length(cidr) // 8 + 1) >> (8 - logs.cidr_length(cidr) % 8)
  end;

-- The number of the address before the slash, host bits and all, for text that is_cidr accepts.
create or replace macro logs.cidr_bits(cidr) as
  case
    when contains(cidr, ':') then logs.ipv6_bits(logs.cidr_address(cidr))
    else 281470681743360::uhugeint + logs.ipv4_bits(logs.cidr_address(cidr))
  end;

-- Whether an address lies in a CIDR block, both as text; IPv4-mapped IPv6 counts as the IPv4 address, and an address
-- never lies in a block of the other family. NULL when either is NULL or the address is unreadable; an error when the block is. A constant block
-- is worked out once for the query, after which IPv4 rows cost one regular expression and one prefix comparison.
create or replace macro logs.in_cidr(addr, cidr) as
  case
    when logs.is_cidr(cidr) then
      case
        when logs.is_ipv4(addr) then
          case
            when not contains(cidr, ':') then logs.ipv4_in_cidr(addr, cidr)
            when logs.cidr_length(cidr) >= 96 and logs.cidr_bits(cidr) >> 32 = 65535 then
              281470681743360::uhugeint + logs.ipv4_bits(addr) >> logs.cidr_free_bits(cidr)
              = logs.cidr_bits(cidr) >> logs.cidr_free_bits(cidr)
            else false
          end
        when logs.is_ipv6(addr) then
          logs.ipv6_bits(addr) >> logs.cidr_free_bits(cidr) = logs.cidr_bits(cidr) >> logs.cidr_free_bits(cidr)
          and case
            when logs.cidr_free_bits(cidr) <= 32 or logs.cidr_bits(cidr) >> logs.cidr_free_bits(cidr) <> 281470681743360::uhugeint >> logs.cidr_free_bits(cidr) then true
            else logs.ipv6_bits(addr) >> 32 <> 65535
          end
      end
    when cidr is not null
      then error('in_cidr: ' || cidr::varchar || ' is not a CIDR block such as 10.0.0.0/8')::boolean
  end;

-- Whether an address is inside by its range alone: RFC 1918, shared 100.64.0.0/10 (RFC 6598), loopback, link-local, IPv6 unique local
-- (RFC 4193), and IPv4-mapped forms of these. NULL for NULL and for text that is no address. The IPv6 addresses of a VPC are globally routable
-- and so not internal here; nor are public IPv4 ranges used inside: name those blocks with in_cidr.
create or replace macro logs.is_internal(addr) as
  case
    when logs.is_ipv4(addr) then
      regexp_matches(
        addr,
        '^(10\.|192\.168\.|172\.(1[6-9]|2[0-9]|3[01])\.|100\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])\.|127\.|169\.254\.)'
      )
    when logs.is_ipv6(addr) then
      regexp_matches(
        lpad(hex(logs.ipv6_bits(addr)), 32, '0'),
        '^(F[CD]|FE[89AB]|0{31}1$|0{20}FFFF(0A|C0A8|AC1|64[4-7]|7F|A9FE))'
      )
  end;
