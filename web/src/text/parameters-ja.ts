/** What parameters of named queries are for, by the English sentence in their files. */
export const parametersJa: ReadonlyMap<string, string> = new Map([
  ['Start of the time range.', '期間の始まり。'],
  ['End of the time range.', '期間の終わり。'],
  ['Rows at most.', '最大行数。'],
  [
    'Count what several interfaces or flow logs recorded once.',
    '複数のインターフェイスやフローログに記録された通信を 1 回だけ数える。',
  ],
  ['Only this bucket; empty for all.', 'このバケットのみ。空欄ならすべて。'],
  ['Length of a step: hour, day, week or month.', '刻み: hour、day、week、month。'],
  ['Standard deviations from the mean to the edge of the band.', '平均から帯の端までの標準偏差の倍数。'],
  ['Ports that count as administrative.', '管理用とみなすポート。'],
  ['Source address.', '送信元アドレス。'],
  [
    'Share of the highest hour of the week from which an hour is a peak.',
    '週で最も多い時間帯に対し、ピークとみなす割合。',
  ],
  ['Ports of the web servers.', 'Web サーバーのポート。'],
  ['Ports of SSH and RDP.', 'SSH と RDP のポート。'],
  ['Only this client address; empty for all.', 'このクライアントアドレスのみ。空欄ならすべて。'],
  ['Only this address; empty for all.', 'このアドレスのみ。空欄ならすべて。'],
  ['Moment to look ahead from; history ends there.', '予測の起点となる時刻。履歴はここまで。'],
  ['Destination address.', '宛先アドレス。'],
  ['Bytes of a response that count as large.', '大きいとみなす応答のバイト数。'],
  [
    'Only this object, by its key as logged or decoded; empty for all.',
    'このオブジェクトのみ (記録されたキー、またはデコードしたキー)。空欄ならすべて。',
  ],
  ['Key of the object, as logged or decoded.', 'オブジェクトのキー (記録されたまま、またはデコード後)。'],
  [
    'As the log names it; a role without session stands for all its sessions.',
    'ログに記録された名前。セッションのないロール名は、そのすべてのセッションを表します。',
  ],
])
