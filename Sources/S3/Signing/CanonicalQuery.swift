/// The query of a URL as SigV4 signs it.
enum CanonicalQuery {
  /// Sorts an encoded query by name, then by value, and gives names without a value an empty one:
  /// `prefix=J&lifecycle` becomes `lifecycle=&prefix=J`. Nothing is encoded or decoded.
  static func canonicalize(_ query: String) -> String {
    if query.isEmpty { return "" }
    // By name first, not by "name=value": "a-b=" comes behind "a=" although '-' is less than '='.
    let pairs = query.utf8.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false).map {
      item in
      let name = item.prefix { $0 != UInt8(ascii: "=") }
      return (name: name, value: item.dropFirst(name.count + 1))
    }
    let sorted = pairs.sorted { left, right in
      left.name.elementsEqual(right.name)
        ? left.value.lexicographicallyPrecedes(right.value)
        : left.name.lexicographicallyPrecedes(right.name)
    }
    var text: [UInt8] = []
    text.reserveCapacity(query.utf8.count + 8)
    for (index, pair) in sorted.enumerated() {
      if index > 0 { text.append(UInt8(ascii: "&")) }
      text.append(contentsOf: pair.name)
      text.append(UInt8(ascii: "="))
      text.append(contentsOf: pair.value)
    }
    return String(decoding: text, as: UTF8.self)
  }
}
