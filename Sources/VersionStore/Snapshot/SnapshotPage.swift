import SternaBase

/// The members of a snapshot whose symbols' hashes fall into one range: what a reader of one symbol
/// fetches.
///
///     symbol count   symbols   entries, as in a ref (each distinct schema once)
enum SnapshotPage {
  static let memberCountMax = 1 << 20
  /// How many pages a snapshot has at most: one per shard of the library's keys, so that whoever works
  /// through a library shard by shard reads each page once.
  static let countMax = 256
  /// Pages are split until they have about this many members: some 10 KiB.
  private static let memberCountTarget = 64

  /// The number of pages for a number of members: a power of two.
  static func count(memberCount: Int) -> Int {
    var count = 1
    while count < countMax, memberCount > count * memberCountTarget { count *= 2 }
    return count
  }

  /// The page on which a symbol is, if it is on any.
  static func position(of symbol: String, pageCount: Int) -> Int {
    Int(SHA256Digest(hashing: symbol).bytes[0]) * pageCount / countMax
  }

  /// The members of all pages, each page sorted by symbol.
  static func divide(_ members: [SnapshotMember]) -> [[SnapshotMember]] {
    let count = count(memberCount: members.count)
    var pages = [[SnapshotMember]](repeating: [], count: count)
    for member in members { pages[position(of: member.symbol, pageCount: count)].append(member) }
    return pages.map { $0.sorted { $0.symbol < $1.symbol } }
  }

  static func encode(_ members: [SnapshotMember]) -> Bytes {
    var writer = ByteWriter()
    writer.writeCount(members.count)
    for member in members { writer.writeString(member.symbol) }
    VersionEntryCoding.write(members.map(\.entry), to: &writer)
    return writer.finish()
  }

  static func decode(_ bytes: Bytes, subject: String) throws(SternaError) -> [SnapshotMember] {
    var reader = ByteReader(bytes, subject: subject)
    var symbols: [String] = []
    for _ in 0..<(try reader.readCount(atMost: memberCountMax)) { symbols.append(try reader.readString()) }
    let entries = try VersionEntryCoding.read(from: &reader, isRun: false)
    try reader.expectEnd()
    guard entries.count == symbols.count, entries.allSatisfy(\.isLive) else {
      throw reader.malformed("\(entries.count) versions of \(symbols.count) symbols")
    }
    return zip(symbols, entries).map { SnapshotMember(symbol: $0, entry: $1) }
  }
}
