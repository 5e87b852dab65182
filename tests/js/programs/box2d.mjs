// box2d.mjs -- Box2D lets a pyramid of boxes, balls and a chain fall for 300 steps, and tells us of each contact.
import Box2DFactory from 'box2d-wasm'
import { readFileSync } from 'node:fs'

// It asks for its module with fetch, as in a browser, and has it compiled while it comes.
globalThis.fetch = async path => new Response(readFileSync(path), { headers: { 'content-type': 'application/wasm' } })
const box2d = await Box2DFactory()
const { b2_dynamicBody, b2BodyDef, b2CircleShape, b2EdgeShape, b2FixtureDef, b2PolygonShape, b2RevoluteJointDef, b2Vec2, b2World,
        JSContactListener, JSQueryCallback, JSRayCastCallback, b2AABB, wrapPointer, getPointer, b2Contact, b2Fixture } = box2d

const world = new b2World(new b2Vec2(0, -10))
let began = 0, ended = 0, strongest = 0
const listener = Object.assign(new JSContactListener(), {
    BeginContact: contact => { if (wrapPointer(contact, b2Contact).IsTouching()) began++ },
    EndContact: () => { ended++ },
    PreSolve: () => {},
    PostSolve: (contact, impulse) => {
        strongest = Math.max(strongest, wrapPointer(impulse, box2d.b2ContactImpulse).get_normalImpulses(0))
    },
})
world.SetContactListener(listener)

const ground = world.CreateBody(new b2BodyDef())
const edge = new b2EdgeShape()
edge.SetTwoSided(new b2Vec2(-40, 0), new b2Vec2(40, 0))
ground.CreateFixture(edge, 0)

function body(x, y, shape, density, restitution) {
    const definition = new b2BodyDef()
    definition.set_type(b2_dynamicBody)
    definition.set_position(new b2Vec2(x, y))
    const made = world.CreateBody(definition)
    const fixture = new b2FixtureDef()
    fixture.set_shape(shape)
    fixture.set_density(density)
    fixture.set_friction(0.4)
    fixture.set_restitution(restitution)
    made.CreateFixture(fixture)
    return made
}

const square = new b2PolygonShape(), ball = new b2CircleShape(), bodies = []
square.SetAsBox(0.5, 0.5)
ball.set_m_radius(0.4)
for (let row = 0; row < 10; row++)
    for (let i = 0; i < 10 - row; i++) bodies.push(body(i - (10 - row) / 2 + 0.1 * row, 0.75 + 1.1 * row, square, 1, 0))
for (let i = 0; i < 12; i++) bodies.push(body(-6 + i, 16 + (i * 7 % 5), ball, 4, 0.5))
let last = ground
for (let i = 0; i < 8; i++) {
    const link = body(12 + i, 10, square, 0.5, 0), joint = new b2RevoluteJointDef()
    joint.Initialize(last, link, new b2Vec2(11.5 + i, 10))
    world.CreateJoint(joint)
    bodies.push(link)
    last = link
}

for (let step = 1; step <= 300; step++) {
    world.Step(1 / 60, 8, 3)
    if (step % 50) continue
    let energy = 0
    for (const each of bodies) {
        const speed = each.GetLinearVelocity()
        energy += each.GetMass() * (speed.get_x() ** 2 + speed.get_y() ** 2) / 2
    }
    console.log('step', step, 'contacts', world.GetContactCount(), 'began', began, 'ended', ended, 'energy', energy, 'impulse', strongest)
}
for (const [i, each] of bodies.entries()) {
    const at = each.GetPosition()
    if (i % 5 === 0) console.log(i, at.get_x(), at.get_y(), each.GetAngle(), each.IsAwake())
}

const hits = []
const ray = Object.assign(new JSRayCastCallback(), {
    ReportFixture: (fixture, point, normal, fraction) => { hits.push(fraction); return 1 },
})
world.RayCast(ray, new b2Vec2(-20, 0.5), new b2Vec2(20, 0.6))
console.log('ray', hits.length, Math.min(...hits))
const found = new Set(), area = new b2AABB()
area.set_lowerBound(new b2Vec2(-3, 0))
area.set_upperBound(new b2Vec2(3, 3))
const query = Object.assign(new JSQueryCallback(), { ReportFixture: fixture => {
    found.add(getPointer(wrapPointer(fixture, b2Fixture).GetBody()))
    return true
} })
world.QueryAABB(query, area)
console.log('in the middle', found.size)
