/// The worlds that a search has seen, by fingerprint, in the order in which it met them, each with the one
/// that led to it: 40 bytes per world.
struct VisitedWorlds {
  private var places: [UInt32]
  private var highs: [UInt64] = []
  private var lows: [UInt64] = []
  private(set) var parents: [UInt32] = []

  /// No parent: the first world.
  static let none = UInt32.max

  init() { places = Array(repeating: Self.none, count: 1 << 12) }

  var count: Int { parents.count }

  func fingerprint(_ index: UInt32) -> (UInt64, UInt64) { (highs[Int(index)], lows[Int(index)]) }

  /// - Returns: the number of the world if it is new, else nil.
  mutating func insert(_ fingerprint: Fingerprint128, parent: UInt32) -> UInt32? {
    var place = Int(truncatingIfNeeded: fingerprint.low >> 1) & (places.count - 1)
    while places[place] != Self.none {
      let index = Int(places[place])
      if highs[index] == fingerprint.high, lows[index] == fingerprint.low { return nil }
      place = (place + 1) & (places.count - 1)
    }
    let number = UInt32(count)
    places[place] = number
    highs.append(fingerprint.high)
    lows.append(fingerprint.low)
    parents.append(parent)
    if count * 2 > places.count { grow() }
    return number
  }

  private mutating func grow() {
    places = Array(repeating: Self.none, count: places.count * 2)
    for index in lows.indices {
      var place = Int(truncatingIfNeeded: lows[index] >> 1) & (places.count - 1)
      while places[place] != Self.none { place = (place + 1) & (places.count - 1) }
      places[place] = UInt32(index)
    }
  }
}
