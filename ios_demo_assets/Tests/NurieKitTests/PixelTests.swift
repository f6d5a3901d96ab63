import Foundation
import Testing

@testable import NurieKit

@Suite("Pixels") struct PixelTests {
  struct Cases: Decodable {
    let pixels, unit_of_pixels, unit, pixels_of_unit: Data
  }

  struct PortCases: Decodable {
    struct Case: Decodable {
      let input, output, hint_port: ModelPort
      let lineart, decoded, hints: Goldens.Pixels
      let encoded, values, encoded_hints: Data
    }
    let cases: [Case]
  }

  @Test("scale to [-1, 1] bit for bit as Python's do") func toUnit() throws {
    let cases = try Goldens.load(Cases.self, "pixels")
    #expect(PixelRange.toUnitRange([UInt8](cases.pixels)) == Goldens.floats(cases.unit_of_pixels))
  }

  @Test("round, clip and break ties as Python's do") func toUInt8() throws {
    let cases = try Goldens.load(Cases.self, "pixels")
    #expect(try PixelRange.toUInt8(Goldens.floats(cases.unit)) == [UInt8](cases.pixels_of_unit))
  }

  @Test("halves go to the even neighbour") func halves() {
    #expect(
      [0.5, 1.5, 2.5, -0.5, 254.5, 255.5].map { PixelRange.rounded(Float($0)) }
        == [0, 2, 2, 0, 254, 255])
  }

  @Test("that are no numbers are refused with their count") func broken() {
    let said = sentence { _ = try PixelRange.toUInt8([0, .nan, .infinity]) }
    #expect(said.contains("2 of 3 values"))
  }

  @Test("pass a tensor port both ways as in Python", arguments: [0, 1]) func ports(_ n: Int) throws
  {
    let item = try Goldens.load(PortCases.self, "ports").cases[n]
    #expect(try item.input.encode(try item.lineart.picture) == Goldens.floats(item.encoded))
    #expect(try item.output.decode(Goldens.floats(item.values)) == item.decoded.picture)
  }

  @Test("of hints pass a port as in Python: faded by their mask, or as bytes", arguments: [0, 1])
  func hintPorts(_ n: Int) throws {
    let item = try Goldens.load(PortCases.self, "ports").cases[n]
    let encoded = try item.hint_port.encode(try item.hints.picture)
    switch item.hint_port.dtype {
    case .float32: #expect(encoded == Goldens.floats(item.encoded_hints))
    case .uint8: #expect(encoded == item.encoded_hints.map { Float($0) })
    }
  }

  @Test("of a mask of hints fade the colours, by hand") func fading() throws {
    let json = """
      {"name": "hints", "kind": "tensor", "shape": [1, 4, 1, 3], "layout": "NCHW",
       "dtype": "float32", "colors": "rgb_mask", "scale": 0.5, "bias": -1}
      """
    let port = try JSONDecoder().decode(ModelPort.self, from: Data(json.utf8))
    let hints = try Picture(
      width: 3, height: 1, channels: .rgba, bytes: [2, 4, 8, 255, 2, 4, 8, 0, 2, 4, 8, 51])
    let expected: [Float] = [0, 0, 0, 1, 0, 0.2, 3, 0, 0.6, 1, 0, 0.2]
    #expect(zip(try port.encode(hints), expected).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(sentence { _ = try port.decode([]) }.contains("hints takes hints"))
  }

  @Test("a port of bytes takes whole numbers, kept within 0 to 255") func bytePort() throws {
    let json = """
      {"name": "lineart", "kind": "tensor", "shape": [1, 1, 3, 1], "layout": "NHWC",
       "dtype": "uint8", "colors": "gray", "scale": 1.5, "bias": -1}
      """
    let port = try JSONDecoder().decode(ModelPort.self, from: Data(json.utf8))
    // 0 - 1 is below 0; 5 x 1.5 - 1 = 6.5 goes to the even 6; 255 x 1.5 - 1 is above 255.
    #expect(try port.encode(try grey([[0, 5, 255]])) == [0, 6, 255])
  }

  @Test("a picture of another size does not pass a port") func portSize() throws {
    let port = try Goldens.load(PortCases.self, "ports").cases[0].input
    let said = sentence { _ = try port.encode(try .paper(width: 5, height: 5)) }
    #expect(said.contains("7 x 5") && said.contains("received 5 x 5"))
  }

  @Test("a port refuses another number of values") func portCount() throws {
    let port = try Goldens.load(PortCases.self, "ports").cases[0].output
    #expect(sentence { _ = try port.decode([0]) }.contains("105 values, received 1"))
  }

  @Test("a picture needs as many bytes as its size says") func byteCount() {
    let said = sentence { _ = try Picture(width: 2, height: 3, channels: .rgb, bytes: [1]) }
    #expect(said.contains("Expected 18 bytes") && said.contains("received 1"))
  }
}
