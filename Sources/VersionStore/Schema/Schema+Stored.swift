import Columnar
import SternaBase

extension Schema {
  /// The bytes of a schema as versions store them.
  var encoded: Bytes {
    var writer = ByteWriter()
    write(to: &writer)
    return writer.finish()
  }

  init(encoded: Bytes) throws(SternaError) {
    var reader = ByteReader(encoded, subject: "schema")
    try self.init(reading: &reader)
    try reader.expectEnd()
  }
}
