/// Distinct values in the order in which they came, each with its position.
///
/// Values that come in runs, as schemas, trees and tails of consecutive versions do, cost one comparison
/// each: hashing them all would be most of the work of writing a ref.
struct ValueTable<Value: Hashable> {
  private(set) var values: [Value] = []
  private var positions: [Value: Int] = [:]
  private var last: (value: Value, position: Int)?

  /// The position of a value, which is added if it is new.
  mutating func position(of value: Value) -> Int {
    if let last, last.value == value { return last.position }
    let position = positions[value] ?? values.count
    if position == values.count {
      values.append(value)
      positions[value] = position
    }
    last = (value, position)
    return position
  }
}
