import ArgumentParser

/// Rows by number, the end not included: `100:200`, `100:`, `:200`.
struct RowRange: Hashable {
  let rows: Range<Int>

  init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let first = Self.number(parts[0], default: 0),
      let end = Self.number(parts[1], default: .max), first <= end
    else { return nil }
    rows = first..<end
  }

  private static func number(_ text: Substring, default value: Int) -> Int? {
    text.isEmpty ? value : Int(text).flatMap { $0 >= 0 ? $0 : nil }
  }
}

extension RowRange: ExpressibleByArgument {
  init?(argument: String) { self.init(argument) }
}
