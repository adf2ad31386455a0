import Columnar
import Sterna
import SternaBase

/// An option that must be given.
func required<Value>(_ value: Value?, _ name: String) throws(SternaError) -> Value {
  guard let value else {
    throw SternaError(.invalidArgument, "option '\(name)' is missing", advice: "See sterna.h.")
  }
  return value
}

/// The members of an `options` document. Each is taken once; what is left at the end is an error, so that a
/// misspelt option is not silently without effect.
struct Options {
  private var members: [JSONValue.Member]

  init(_ pointer: UnsafePointer<CChar>?) throws(SternaError) {
    guard let pointer else {
      members = []
      return
    }
    let document: JSONValue
    do {
      document = try JSONValue(
        parsing: Bytes(utf8: try requiredText(pointer, "options")), subject: "options")
    } catch {
      guard error.code == .corrupt else { throw error }
      throw SternaError(.invalidArgument, error.message, advice: error.advice)
    }
    guard case .object(let members) = document else {
      throw SternaError(
        .invalidArgument, "the options are no JSON object", advice: "Pass {} or NULL for none.")
    }
    self.members = members
  }

  /// A member's value, or nil when it is missing or null.
  mutating func take(_ name: String) -> JSONValue? {
    guard let position = members.firstIndex(where: { $0.name == name }) else { return nil }
    let value = members.remove(at: position).value
    return value == .null ? nil : value
  }

  mutating func text(_ name: String) throws(SternaError) -> String? {
    try take(name, "a text", \.stringValue)
  }

  mutating func flag(_ name: String) throws(SternaError) -> Bool? {
    try take(name, "true or false", \.boolValue)
  }

  mutating func count(_ name: String) throws(SternaError) -> Int? {
    try take(name, "a whole number") { $0.int64Value.map { Int($0) } }
  }

  mutating func texts(_ name: String) throws(SternaError) -> [String]? {
    try take(name, "a list of texts") { value in
      guard let elements = value.arrayValue else { return nil }
      let texts = elements.compactMap(\.stringValue)
      return texts.count == elements.count ? texts : nil
    }
  }

  /// Two whole numbers.
  mutating func pair(_ name: String) throws(SternaError) -> (Int64, Int64)? {
    try take(name, "a list of two whole numbers") { value in
      guard let elements = value.arrayValue, elements.count == 2, let first = elements[0].int64Value,
        let last = elements[1].int64Value
      else { return nil }
      return (first, last)
    }
  }

  mutating func counts(_ name: String) throws(SternaError) -> [Int]? {
    try take(name, "a list of whole numbers") { value in
      guard let elements = value.arrayValue else { return nil }
      let counts = elements.compactMap { $0.int64Value.map { Int($0) } }
      return counts.count == elements.count ? counts : nil
    }
  }

  mutating func asOf() throws(SternaError) -> AsOf { try version("as_of") ?? .latest }

  /// Which version.
  mutating func version(_ name: String) throws(SternaError) -> AsOf? {
    try take(name, "a version number, {\"time\": nanoseconds} or {\"snapshot\": name}", AsOf.init)
  }

  /// One of the names of a type's cases.
  mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, of type: Choice.Type
  ) throws(SternaError) -> Choice? {
    let names = Choice.allCases.map { "\"\($0.rawValue)\"" }
    let list = names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
    return try take(name, list) { $0.stringValue.flatMap { Choice(rawValue: $0) } }
  }

  /// Versions by symbol under the name `versions`.
  mutating func versions() throws(SternaError) -> [String: AsOf]? {
    try take("versions", "an object of versions") { value in
      guard let members = value.objectValue else { return nil }
      var versions: [String: AsOf] = [:]
      for member in members {
        guard let asOf = member.value == .null ? AsOf.latest : AsOf(member.value) else { return nil }
        versions[member.name] = asOf
      }
      return versions
    }
  }

  /// What the commit does besides, and what must hold for it.
  mutating func terms() throws(SternaError) -> CommitTerms {
    var terms = CommitTerms(prunesPreviousVersions: try flag("prune_previous") ?? false)
    terms.expectation =
      try take("expect", "{\"version\": number or null} or {\"member\": [name, value]}") { value in
        if let version = value["version"] {
          if version == .null { return .noVersion }
          return version.int64Value.map { .version(Int($0)) }
        }
        guard let member = value["member"]?.arrayValue, member.count == 2,
          let name = member[0].stringValue
        else { return nil }
        // Not `nil`: a JSON value can be written like that too, and is null then.
        return .metadataMember(name, member[1] == .null ? Optional.none : member[1])
      } ?? .nothing
    return terms
  }

  /// A library's own options under the name `options`.
  mutating func libraryOptions() throws(SternaError) -> LibraryOptions? {
    let chosen = try members("options")
    return chosen.isEmpty ? nil : LibraryOptions(stored: .object(chosen))
  }

  /// The members of an object.
  mutating func members(_ name: String) throws(SternaError) -> [JSONValue.Member] {
    try take(name, "an object", \.objectValue) ?? []
  }

  mutating func take<Value>(
    _ name: String, _ what: String, _ read: (JSONValue) -> Value?
  ) throws(SternaError) -> Value? {
    guard let value = take(name) else { return nil }
    guard let result = read(value) else {
      throw SternaError(.invalidArgument, "option '\(name)' is not \(what)", advice: "See sterna.h.")
    }
    return result
  }

  /// Throws when a member was not taken.
  func finish() throws(SternaError) {
    guard let unknown = members.first else { return }
    throw SternaError(
      .invalidArgument, "there is no option '\(unknown.name)' here", advice: "sterna.h lists the options.")
  }
}

extension AsOf {
  /// As C callers write it.
  fileprivate init?(_ value: JSONValue) {
    if let number = value.int64Value {
      self = .version(Int(number))
    } else if let time = value["time"]?.int64Value {
      self = .time(Timestamp(nanosecondsSinceEpoch: time))
    } else if let name = value["snapshot"]?.stringValue {
      self = .snapshot(name)
    } else {
      return nil
    }
  }
}
