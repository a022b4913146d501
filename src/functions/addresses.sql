-- True for IPv4 text as inet_pton reads it: four decimal octets, no leading zeros, nothing around them. NULL for NULL.
-- One regular expression is the cheapest whole check: splitting and casting four octets takes twice as long.
create or replace macro logs.is_ipv4(addr) as
  regexp_full_match(
    addr,
    '((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])'
  );

-- True for IPv6 text in any form of RFC 4291 section 2.2, upper case and dotted tail included, without zone id. NULL for NULL.
-- A dotted tail is checked as the two groups it stands for; the alternatives are the places that `::`, one group or more, can take.
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
    '(?i)([0-9a-f]{1,4}:){7}[0-9a-f]{1,4}|([0-9a-f]{1,4}:){1,7}:|([0-9a-f]{1,4}:){1,6}:[0-9a-f]{1,4}|([0-9a-f]{1,4}:){1,5}(:[0-9a-f]{1,4}){1,2}|([0-9a-f]{1,4}:){1,4}(:[0-9a-f]{1,4}){1,3}|([0-9a-f]{1,4}:){1,3}(:[0-9a-f]{1,4}){1,4}|([0-9a-f]{1,4}:){1,2}(:[0-9a-f]{1,4}){1,5}|[0-9a-f]{1,4}:(:[0-9a-f]{1,4}){1,6}|:(:[0-9a-f]{1,4}){1,7}|::'
  );

-- Whether text that is_ipv6 accepts is IPv4-mapped (RFC 4291 section 2.5.5.2); other text gives an answer without meaning. NULL for NULL.
-- By text: ffff and two groups after nothing but zeros, or five zero groups, ffff, and `::` among the last two.
create or replace macro logs.is_ipv4_mapped(addr) as
  regexp_full_match(addr, '(?i)[0:]+:ffff:([^:.]+:[^:.]+|[^:]+\.[^:]+)|(0+:){5}ffff:(:[^:]*|[^:]+::)');

-- The 32-bit number of text that is_ipv4 accepts; other text gives NULL or a number without meaning.
-- The product of doubles is exact (below 2^53) and reads the text once.
create or replace macro logs.ipv4_bits(addr) as
  cast(
    array_inner_product(
      try_cast(string_split(addr, '.') as double[4]),
      [16777216, 65536, 256, 1]::double[4]
    ) as uhugeint
  );

-- The 128-bit number of text that is_ipv6 accepts; other text gives NULL or a number without meaning. A dotted tail is added at the end.
-- `::` becomes as many zero groups as are missing; groups are cast as 0x0…, so that an empty one at either end is zero.
create or replace macro logs.ipv6_bits(addr) as
  list_reduce(
    try_cast(
      string_split(
        '0x0' || replace(
          replace(
            regexp_replace(addr, '[0-9]+\.[0-9.]+$', '0:0'),
            '::',
            ':' || repeat('0:', 9 - len(string_split(addr, ':')) - contains(addr, '.')::integer)
          ),
          ':',
          ':0x0'
        ),
        ':'
      ) as usmallint[]
    )::uhugeint[],
    lambda bits, bits_of_group: bits * 65536 + bits_of_group
  )
  + case when contains(addr, '.') then logs.ipv4_bits(regexp_extract(addr, '[0-9.]+$')) else 0 end;

-- The eight groups of text that is_ipv6 accepts as RFC 5952 section 4.1 writes them, each followed by a colon.
create or replace macro logs.ipv6_groups(addr) as
  regexp_replace(
    regexp_replace(lower(lpad(hex(logs.ipv6_bits(addr)), 32, '0')), '(.{4})', '\1:', 'g'),
    '\b0{1,3}',
    '',
    'g'
  );

-- Groups as ipv6_groups writes them with their first run of so many zeros as `::`.
create or replace macro logs.shorten_zeros(groups, zeros) as
  left(groups, strpos(':' || groups, ':' || repeat('0:', zeros)) - 1)
  || case when starts_with(groups, repeat('0:', zeros)) then '::' else ':' end
  || rtrim(substr(groups, strpos(':' || groups, ':' || repeat('0:', zeros)) + 2 * zeros), ':');

-- The address in one spelling: IPv4 as it is, IPv6 as RFC 5952 has it, IPv4-mapped as ::ffff:192.0.2.1. NULL for NULL and for text that
-- is no address. The longest run of two zero groups or more becomes `::`, the first of equally long ones.
create or replace macro logs.canonical_address(addr) as
  case
    when logs.is_ipv4(addr) then addr
    when not logs.is_ipv6(addr) then null
    when logs.is_ipv4_mapped(addr) then
      '::ffff:' || (logs.ipv6_bits(addr) >> 24 & 255)::varchar || '.' || (logs.ipv6_bits(addr) >> 16 & 255)::varchar
        || '.' || (logs.ipv6_bits(addr) >> 8 & 255)::varchar || '.' || (logs.ipv6_bits(addr) & 255)::varchar
    when not regexp_matches(logs.ipv6_groups(addr), '\b0:0:') then rtrim(logs.ipv6_groups(addr), ':')
    else logs.shorten_zeros(
      logs.ipv6_groups(addr),
      list_filter([8, 7, 6, 5, 4, 3, 2], lambda n: contains(':' || logs.ipv6_groups(addr), ':' || repeat('0:', n)))[1]
    )
  end;

-- 4 for an IPv4 address in either spelling, plain or IPv4-mapped; 6 for any other IPv6 address. NULL for NULL and for text that is no address.
create or replace macro logs.address_family(addr) as
  case
    when logs.is_ipv4(addr) then 4
    when logs.is_ipv6(addr) then
      case
        when logs.is_ipv4_mapped(addr) then 4
        else 6
      end
  end;

-- The address as a 128-bit number, for sorting and ranges; IPv4 as its IPv4-mapped IPv6 address (RFC 4291 section 2.5.5.2), so that
-- 10.0.0.1 and ::ffff:10.0.0.1 are one number. NULL for NULL and for text that is no address.
create or replace macro logs.address_number(addr) as
  case
    when logs.is_ipv4(addr) then logs.ipv4_bits(addr) + 281470681743360
    when logs.is_ipv6(addr) then logs.ipv6_bits(addr)
  end;

-- True for a CIDR block (RFC 4632 section 3.1, RFC 4291 section 2.3) or a bare address, which is a host. Host bits may be set.
-- NULL for NULL.
create or replace macro logs.is_cidr(cidr) as
  regexp_matches(cidr, '^[^/:]*(/(3[0-2]|[12]?[0-9]))?$') and logs.is_ipv4(string_split(cidr, '/')[1])
  or regexp_matches(cidr, '^[^/]*(/(12[0-8]|1[01][0-9]|[1-9]?[0-9]))?$') and logs.is_ipv6(string_split(cidr, '/')[1]);

-- How many low bits a block leaves free, for text that is_cidr accepts: 24 for 10.0.0.0/8, 64 for 2001:db8::/64, 0 for a bare address.
-- Other text gives a number without meaning.
create or replace macro logs.cidr_free_bits(cidr) as
  coalesce(case when contains(cidr, ':') then 128 else 32 end - try_cast(string_split(cidr, '/')[2] as integer), 0);

-- The lowest address of a CIDR block as address_number gives it; NULL for NULL and for text that is no block. To join many rows with many
-- blocks, join on the range: `address_number(srcaddr) between cidr_first(cidr) and cidr_last(cidr)` is far faster than in_cidr.
create or replace macro logs.cidr_first(cidr) as
  case
    when logs.is_cidr(cidr) then
      logs.address_number(string_split(cidr, '/')[1])
      & ~(340282366920938463463374607431768211455 >> (128 - logs.cidr_free_bits(cidr))::uhugeint)
  end;

-- The highest address of a CIDR block as address_number gives it. NULL for NULL and for text that is no block.
create or replace macro logs.cidr_last(cidr) as
  case
    when logs.is_cidr(cidr) then
      logs.address_number(string_split(cidr, '/')[1])
      | (340282366920938463463374607431768211455 >> (128 - logs.cidr_free_bits(cidr))::uhugeint)
  end;

-- in_cidr for text that is_ipv4 accepts and an IPv4 block: the whole octets of the prefix are compared as text, which decides most rows,
-- then the one octet it ends in. Comparing numbers for every row takes about twice as long.
create or replace macro logs.ipv4_in_cidr(addr, cidr) as
  case
    when not starts_with(
      addr,
      array_to_string(list_append(string_split(cidr, '.')[1:least((32 - logs.cidr_free_bits(cidr)) // 8, 3)], ''), '.')
    ) then false
    when logs.cidr_free_bits(cidr) in (8, 16, 24, 32) then true
    else
      try_cast(string_split(addr, '.')[4 - logs.cidr_free_bits(cidr) // 8] as integer)
        >> logs.cidr_free_bits(cidr) % 8
      = try_cast(string_split(replace(cidr, '/', '.'), '.')[4 - logs.cidr_free_bits(cidr) // 8] as integer)
        >> logs.cidr_free_bits(cidr) % 8
  end;

-- 4 for a block of IPv4 addresses, plain or within ::ffff:0:0/96, else 6, for text that is_cidr accepts. NULL for NULL.
create or replace macro logs.cidr_family(cidr) as
  case
    when not contains(cidr, ':') then 4
    when logs.is_ipv4_mapped(string_split(cidr, '/')[1]) and logs.cidr_free_bits(cidr) <= 32 then 4
    when cidr is not null then 6
  end;

-- Whether an address lies in a CIDR block, both as text; IPv4-mapped IPv6 counts as IPv4, and the families never mix. NULL when either is NULL
-- or the address unreadable, an error when the block is. A constant block is worked out once; an IPv4 row then costs is_ipv4 and a prefix.
create or replace macro logs.in_cidr(addr, cidr) as
  case
    when not logs.is_cidr(cidr) then error('in_cidr: ' || cidr || ' is not a CIDR block such as 10.0.0.0/8')::boolean
    when not contains(cidr, ':') and logs.is_ipv4(addr) then logs.ipv4_in_cidr(addr, cidr)
    when logs.address_family(addr) <> logs.cidr_family(cidr) then false
    else
      logs.address_number(addr) >> logs.cidr_free_bits(cidr)::uhugeint
      = logs.address_number(string_split(cidr, '/')[1]) >> logs.cidr_free_bits(cidr)::uhugeint
  end;

-- Whether an address is of RFC 1918, 100.64.0.0/10 (RFC 6598), loopback, link-local or fc00::/7 (RFC 4193), plain or IPv4-mapped. NULL for NULL
-- and for text that is no address. VPC IPv6 addresses are globally routable, so not internal here; name your own blocks with in_cidr.
create or replace macro logs.is_internal(addr) as
  case
    when logs.is_ipv4(addr) then
      case
        when starts_with(addr, '10.') or starts_with(addr, '192.168.') then true
        when starts_with(addr, '127.') or starts_with(addr, '169.254.') then true
        when starts_with(addr, '172.') then regexp_matches(addr, '^172\.(1[6-9]|2[0-9]|3[01])\.')
        when starts_with(addr, '100.') then regexp_matches(addr, '^100\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])\.')
        else false
      end
    when logs.is_ipv6(addr) then
      case
        when logs.is_ipv4_mapped(addr) then regexp_matches(hex(logs.ipv6_bits(addr)), '^FFFF(0A|C0A8|AC1|64[4-7]|7F|A9FE)')
        else regexp_matches(addr, '(?i)^(f[cd][^:]{2}:|fe[89ab][^:]:|[0:]+:(0*1|0\.0\.0\.1)$)')
      end
  end;
