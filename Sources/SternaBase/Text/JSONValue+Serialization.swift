extension JSONValue {
  /// The shortest JSON text of this value: UTF-8, no white space, members in their order.
  ///
  /// Whatever this returns is parsed back to an equal value.
  ///
  /// - Throws: `invalidArgument` for what JSON cannot say: NaN, infinity, a member name for the second
  ///   time, nesting deeper than `depthMax`.
  public func serialized() throws(SternaError) -> String {
    var text: [UInt8] = []
    try write(to: &text, depth: 0)
    return String(decoding: text, as: UTF8.self)
  }

  private func write(to text: inout [UInt8], depth: Int) throws(SternaError) {
    switch self {
    case .null: text.append(contentsOf: "null".utf8)
    case .bool(let bool): text.append(contentsOf: (bool ? "true" : "false").utf8)
    case .int64(let integer): text.append(contentsOf: String(integer).utf8)
    case .double(let double):
      guard double.isFinite else { throw Self.unwritable("\(double) has no JSON form") }
      text.append(contentsOf: double.description.utf8)
    case .string(let string): JSONText.append(string, to: &text)
    case .array(let elements):
      try Self.check(depth)
      text.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { text.append(UInt8(ascii: ",")) }
        try element.write(to: &text, depth: depth + 1)
      }
      text.append(UInt8(ascii: "]"))
    case .object(let members):
      try Self.check(depth)
      try Self.write(members, to: &text, depth: depth)
    }
  }

  private static func write(
    _ members: [Member], to text: inout [UInt8], depth: Int
  ) throws(SternaError) {
    var names: Set<[UInt8]> = []
    text.append(UInt8(ascii: "{"))
    for (index, member) in members.enumerated() {
      guard names.insert(Array(member.name.utf8)).inserted else {
        throw unwritable("an object has the member '\(member.name)' twice")
      }
      if index > 0 { text.append(UInt8(ascii: ",")) }
      JSONText.append(member.name, to: &text)
      text.append(UInt8(ascii: ":"))
      try member.value.write(to: &text, depth: depth + 1)
    }
    text.append(UInt8(ascii: "}"))
  }

  private static func check(_ depth: Int) throws(SternaError) {
    guard depth < depthMax else { throw unwritable("it is nested over \(depthMax) deep") }
  }

  private static func unwritable(_ detail: String) -> SternaError {
    SternaError(
      .invalidArgument, "value cannot be written as JSON: \(detail)",
      advice: "Replace the value by one that JSON has a form for, for example null or a string.")
  }
}

extension JSONValue: CustomStringConvertible {
  /// The JSON text, or a word in angle brackets for what JSON cannot say.
  public var description: String { (try? serialized()) ?? "<not JSON>" }
}
