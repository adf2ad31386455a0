/// The headers of a request as SigV4 signs them: lowercase names in order, values folded.
struct CanonicalHeaders {
  /// `name:value\n` for each name, sorted.
  let lines: [UInt8]
  /// The same names, joined by semicolons.
  let signedNames: String

  init(_ headers: [HTTPHeader]) {
    let named = headers.map { (name: Array($0.name.lowercased().utf8), value: $0.value) }
    let signed = named.enumerated()
      .filter { !Self.unsigned.contains($0.element.name) }
      // The values of a repeated header keep their order.
      .sorted { ($0.element.name, $0.offset) < ($1.element.name, $1.offset) }
      .map(\.element)
    var lines: [UInt8] = []
    var names: [UInt8] = []
    for (index, header) in signed.enumerated() {
      if index > 0, signed[index - 1].name == header.name {
        lines[lines.count - 1] = UInt8(ascii: ",")
      } else {
        lines.append(contentsOf: header.name)
        lines.append(UInt8(ascii: ":"))
        if !names.isEmpty { names.append(UInt8(ascii: ";")) }
        names.append(contentsOf: header.name)
      }
      Self.appendFolded(header.value, to: &lines)
      lines.append(0x0A)
    }
    self.lines = lines
    self.signedNames = String(decoding: names, as: UTF8.self)
  }

  /// Never signed: proxies and HTTP libraries add, change or remove them on the way.
  private static let unsigned: Set<[UInt8]> = Set(
    [
      "authorization", "connection", "expect", "keep-alive", "proxy-authenticate", "proxy-authorization",
      "te",
      "trailer", "transfer-encoding", "upgrade", "user-agent", "x-amzn-trace-id",
    ].map { Array($0.utf8) })

  /// Without the white space around it, and with runs of it made one space.
  private static func appendFolded(_ value: String, to lines: inout [UInt8]) {
    var isFirstWord = true
    var isInWord = false
    for byte in value.utf8 {
      if byte == 0x20 || (0x09...0x0D).contains(byte) {
        isInWord = false
        continue
      }
      if !isInWord && !isFirstWord { lines.append(0x20) }
      isInWord = true
      isFirstWord = false
      lines.append(byte)
    }
  }
}

private func < (left: ([UInt8], Int), right: ([UInt8], Int)) -> Bool {
  left.0 == right.0 ? left.1 < right.1 : left.0.lexicographicallyPrecedes(right.0)
}
