import ArgumentParser

/// Names separated by commas: `price,size`. A name with a comma in it is written with a backslash before
/// that.
struct ColumnList: Hashable {
  let names: [String]

  init?(_ text: String) {
    var names = [""]
    var isEscaped = false
    for character in text {
      switch character {
      case "\\" where !isEscaped: isEscaped = true
      case "," where !isEscaped: names.append("")
      default:
        // Before anything else a backslash is one.
        if isEscaped, character != ",", character != "\\" { names[names.count - 1].append("\\") }
        names[names.count - 1].append(character)
        isEscaped = false
      }
    }
    if isEscaped { names[names.count - 1].append("\\") }
    guard !names.contains("") else { return nil }
    self.names = names
  }
}

extension ColumnList: ExpressibleByArgument {
  init?(argument: String) { self.init(argument) }
}
