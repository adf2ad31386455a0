/// Numbers for values: equal values have equal numbers, so that a state of the whole world is a few words.
struct Interned<Value: Hashable> {
  private(set) var values: [Value] = []
  private var numbers: [Value: UInt32] = [:]

  var count: Int { values.count }

  mutating func number(of value: Value) -> UInt32 {
    if let number = numbers[value] { return number }
    let number = UInt32(values.count)
    values.append(value)
    numbers[value] = number
    return number
  }

  subscript(_ number: UInt32) -> Value { values[Int(number)] }
}
