internal import SternaBase

/// A file of `~/.aws`: sections of `name = value` lines, in AWS's dialect of INI.
///
///     [profile dev]                 section; in the credentials file without the word "profile"
///     region = eu-west-1   ; note   a comment starts a line, or stands behind white space
///     s3 =                          an empty value opens nested settings
///       addressing_style = path     indented lines belong to the line above
struct ProfileDocument: Hashable, Sendable {
  struct Setting: Hashable, Sendable {
    var value: String
    var nested: [String: String] = [:]
  }

  typealias Section = [String: Setting]

  private(set) var sections: [String: Section] = [:]

  init() {}

  /// - Throws: `credentials`, naming file and line; never what stands there, which may be a secret.
  init(parsing bytes: Bytes, path: String) throws(SternaError) {
    guard let text = bytes.utf8String else { throw Self.malformed(path, 1, "it is not UTF-8") }
    var section: String?
    var setting: String?
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      let content = Self.withoutComment(line)
      let trimmed = content.trimmingASCIIWhitespace()
      if trimmed.isEmpty { continue }
      let isIndented = content.first == " " || content.first == "\t"
      if isIndented, let section, let setting {
        append(trimmed, to: setting, in: section)
      } else if trimmed.hasPrefix("[") {
        guard trimmed.hasSuffix("]") else {
          throw Self.malformed(path, index + 1, "a section is not closed")
        }
        let name = Self.sectionName(trimmed.dropFirst().dropLast())
        sections[name, default: [:]] = sections[name] ?? [:]
        section = name
        setting = nil
      } else {
        guard let section else {
          throw Self.malformed(path, index + 1, "a setting stands before any section")
        }
        guard let (name, value) = Self.pair(trimmed) else {
          throw Self.malformed(path, index + 1, "neither a section nor 'name = value'")
        }
        sections[section, default: [:]][name] = Setting(value: value)
        setting = name
      }
    }
  }

  /// An indented line: a nested setting under an empty value, more text under any other.
  private mutating func append(_ line: String, to setting: String, in section: String) {
    guard var current = sections[section]?[setting] else { return }
    if current.value.isEmpty, let (name, value) = Self.pair(line) {
      current.nested[name] = value
    } else {
      current.value += current.value.isEmpty ? line : "\n" + line
    }
    sections[section]?[setting] = current
  }

  private static func pair(_ line: String) -> (name: String, value: String)? {
    guard let equals = line.utf8.firstIndex(of: UInt8(ascii: "=")) else { return nil }
    let name = line[..<equals].trimmingASCIIWhitespace().lowercased()
    return name.isEmpty ? nil : (name, line[line.utf8.index(after: equals)...].trimmingASCIIWhitespace())
  }

  private static func withoutComment(_ line: Substring) -> Substring {
    var previous: UInt8 = 0x20
    for index in line.utf8.indices {
      let byte = line.utf8[index]
      let isMark = byte == UInt8(ascii: "#") || byte == UInt8(ascii: ";")
      if isMark && (previous == 0x20 || previous == 0x09) { return line[..<index] }
      previous = byte
    }
    return line
  }

  /// `profile "my name"` and `profile   name` have one form: the words with one space between.
  private static func sectionName(_ text: Substring) -> String {
    let words = ProcessCredentials.split(String(text)) ?? [String(text)]
    return words.joined(separator: " ")
  }

  private static func malformed(_ path: String, _ line: Int, _ reason: String) -> SternaError {
    SternaError(
      .credentials, "malformed '\(path)', line \(line): \(reason)",
      advice: "Correct the file, or choose another one with AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE."
    )
  }
}
