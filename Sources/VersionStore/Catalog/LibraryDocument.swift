import SternaBase

/// `library.json`: a library's name and what was chosen for it.
///
///     {"format": 1, "name": "ticks", "id": "…", "created": 1700000000000000000, "options": {…}}
///
/// Members that this build does not know stay when the options are changed.
struct LibraryDocument: Sendable {
  private var members: [JSONValue.Member]

  init(name: String, id: UniqueID, created: Int64, options: JSONValue?) {
    members = [
      .init("format", .int64(StoreMarker.formatVersion)), .init("name", .string(name)),
      .init("id", .string(id.hex)), .init("created", .int64(created)),
    ]
    self.options = options
  }

  init(decoding bytes: Bytes) throws(SternaError) {
    let document = try JSONValue(parsing: bytes, subject: LibraryKeys.options)
    try StoreMarker.requireFormat(of: document, subject: LibraryKeys.options)
    members = document.objectValue ?? []
  }

  func encode() throws(SternaError) -> Bytes {
    Bytes(utf8: try JSONValue.object(members).serialized() + "\n")
  }

  /// Nil when nothing was chosen.
  var options: JSONValue? {
    get { members.first { $0.name == "options" }?.value }
    set {
      members.removeAll { $0.name == "options" }
      if let newValue { members.append(.init("options", newValue)) }
    }
  }
}
